/* Coding by the keyboard: a digit gives a code, Enter takes what is suggested, N goes on, U undoes; never while one types. */
(function () {
  "use strict";

  var DOES = { Enter: "take", n: "next", N: "next", u: "undo", U: "undo" };

  function press(found) {
    if (!found || found.disabled) return false;
    found.click();
    return true;
  }

  document.addEventListener("keydown", function (event) {
    var box = document.querySelector(".words-current");
    if (!box || event.metaKey || event.ctrlKey || event.altKey) return;
    var at = event.target.closest && event.target.closest("input, textarea, select, a, summary, [role=listbox], [contenteditable]");
    if (at || (event.key === "Enter" && event.target.closest("button"))) return;
    var done = false;
    if (/^[0-9]$/.test(event.key)) {
      done = press(box.querySelector("[data-word-key='" + event.key + "']"));
    } else if (DOES[event.key]) {
      done = press(box.querySelector("[id*='\"what\":\"" + DOES[event.key] + "\"']"));
    }
    if (done) event.preventDefault();
  });
})();
