/* Browsers that cannot run the pages get a sentence: written in what every browser reads, run before anything else. */
(function () {
  var enough = false;
  try {
    enough = typeof structuredClone === "function" && typeof [].at === "function" && "replaceChildren" in document.body &&
      CSS.supports("height", "1dvh") && CSS.supports("color", "color-mix(in srgb, red, blue)") &&
      CSS.supports("selector(:has(a))");
  } catch (old) {
    enough = false;
  }
  if (!enough) document.getElementById("unsupported").removeAttribute("hidden");
})();
