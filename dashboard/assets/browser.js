/* Browsers that cannot run the pages get a sentence: written in what every browser reads, run before anything else.
   In all others the scripts of the pages begin once what the first HTML carries has been painted. */
(function () {
  var own = document.currentScript, begun = false;

  function begin() {
    if (begun) return;
    begun = true;
    var frame = document.createElement("script");
    frame.src = own.getAttribute("data-frame");
    document.body.appendChild(frame);
  }

  var enough = false;
  try {
    enough = typeof structuredClone === "function" && typeof [].at === "function" && "replaceChildren" in document.body &&
      CSS.supports("height", "1dvh") && CSS.supports("color", "color-mix(in srgb, red, blue)") &&
      CSS.supports("selector(:has(a))");
  } catch (old) {
    enough = false;
  }
  if (!enough) {
    document.getElementById("unsupported").removeAttribute("hidden");
    return;
  }
  requestAnimationFrame(function () { requestAnimationFrame(function () { setTimeout(begin, 0); }); });
  setTimeout(begin, 400);  /* a window that nobody looks at paints nothing */
})();
