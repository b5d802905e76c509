/* The search: Ctrl+K or the field in the header opens it, arrows go through what was found, Enter takes the first. */
(function () {
  "use strict";

  function dialog() { return document.getElementById("search-dialog"); }

  function open() {
    var box = dialog();
    if (!box || box.open || !box.showModal) return;
    box.showModal();
    var field = box.querySelector("input");
    field.focus();
    field.select();
  }

  document.addEventListener("click", function (event) {
    if (event.target.closest("[data-search]")) {
      open();
      return;
    }
    var box = dialog();
    if (box && box.open && (event.target === box || event.target.closest("#search-dialog a"))) box.close();
  }, true);

  document.addEventListener("keydown", function (event) {
    if ((event.ctrlKey || event.metaKey) && !event.altKey && !event.shiftKey && event.key.toLowerCase() === "k") {
      event.preventDefault();
      open();
      return;
    }
    var box = dialog();
    if (!box || !box.open) return;
    var links = Array.from(box.querySelectorAll("a")), at = links.indexOf(document.activeElement);
    if (event.key === "Enter" && at < 0 && links.length) {
      event.preventDefault();
      links[0].click();
    } else if (event.key === "ArrowDown" && at + 1 < links.length) {
      event.preventDefault();
      links[at + 1].focus();
    } else if (event.key === "ArrowUp" && at >= 0) {
      event.preventDefault();
      (at ? links[at - 1] : box.querySelector("input")).focus();
    }
  });
})();
