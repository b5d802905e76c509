/* Reach: focus after a change of page, areas that scroll, hints by keyboard and touch, the date of a print. */
(function () {
  "use strict";

  var HINTED = "#main [title]", CONTROLS = "a, button, input, select, textarea, summary, [role=combobox], [data-scrolls]";
  var SCROLLED = "#main .scroll, #main .league-scroll";
  var shownPath = null, waiting = false, used = "";

  function told(control) { return control.tagName + (control.id || control.getAttribute("aria-label") || control.textContent); }

  document.addEventListener("focusin", function (event) {
    if (event.target.matches("#main *")) used = told(event.target);
  });

  /* The part of the page that the address names behind its #. */
  function named() {
    try {
      return document.getElementById(decodeURIComponent(window.location.hash.slice(1)) || "none of them");
    } catch (malformed) {
      return null;
    }
  }

  function onTo(part) {
    part.setAttribute("tabindex", "-1");
    part.focus({ preventScroll: true });
    part.scrollIntoView();
  }

  /* Where a page is another one its heading is next, or the part of it that is asked for; on the same one the control that
     was used, made anew. */
  window.xingfuShown = function (path) {
    var first = shownPath === null, other = shownPath !== path;
    shownPath = path;
    window.setTimeout(function () {
      if (named() && (first || other)) {
        onTo(named());
        return;
      }
      if (first) return;
      var heading = document.querySelector("#main h1") || document.getElementById("main"), held = document.activeElement;
      if (!heading || !(other || !held || held === document.body)) return;
      var again = Array.prototype.find.call(document.querySelectorAll("#main a, #main button, #main input, #main summary"),
        function (control) { return told(control) === used; });
      if (other || !again) {
        heading.setAttribute("tabindex", "-1");
        again = heading;
      }
      again.focus({ preventScroll: true });
    }, 60);
  };

  /* An area is called by its caption, or by the heading over it. */
  function called(area) {
    var caption = area.querySelector("caption"), above = area;
    if (caption && caption.textContent.trim()) return caption.textContent.trim();
    while (above && above.id !== "main") {
      var heading = above.querySelector("h2, h3, summary");
      if (heading && !area.contains(heading)) return heading.textContent.trim();
      above = above.parentElement;
    }
    var title = document.querySelector("#main h1");
    return title ? title.textContent.trim() : document.title;
  }

  /* Two areas below one heading are told apart by a number. */
  function unlike(name) {
    var number = 1, found = name;
    while (document.querySelector('[aria-label="' + CSS.escape(found) + '"]')) found = name + " " + ++number;
    return found;
  }

  function edges(area) {
    var right = area.scrollWidth - area.clientWidth - area.scrollLeft > 2;
    var below = area.scrollHeight - area.clientHeight - area.scrollTop > 2;
    area.classList.toggle("more-left", area.scrollLeft > 2);
    area.classList.toggle("more-right", right);
    area.classList.toggle("more-below", below);
  }

  /* What scrolls is reached by keyboard and named; what does not is no stop. */
  function areas() {
    document.querySelectorAll(SCROLLED).forEach(function (area) {
      var style = getComputedStyle(area);
      var scrolls = (/auto|scroll/.test(style.overflowX) && area.scrollWidth > area.clientWidth + 1) ||
        (/auto|scroll/.test(style.overflowY) && area.scrollHeight > area.clientHeight + 1);
      if (scrolls && !area.hasAttribute("data-scrolls")) {
        area.setAttribute("data-scrolls", "1");
        if (!area.hasAttribute("tabindex")) area.setAttribute("tabindex", "0");
        if (!area.hasAttribute("role")) area.setAttribute("role", "region");
        if (!area.hasAttribute("aria-label")) area.setAttribute("aria-label", unlike(called(area)));
        area.addEventListener("scroll", function () { edges(area); }, { passive: true });
      } else if (!scrolls && area.hasAttribute("data-scrolls")) {
        ["data-scrolls", "tabindex", "role", "aria-label"].forEach(function (name) { area.removeAttribute(name); });
      }
      edges(area);
    });
  }

  /* Hints of one table or card are one stop: the first of them; arrow keys go on to the others. */
  function group(hint) { return hint.closest("table, section, .headline") || document.getElementById("main"); }

  function hinted(within) {
    return Array.prototype.filter.call(within.querySelectorAll("[title]"), function (hint) {
      return hint.getAttribute("title") && !hint.closest("a, button, summary, label, .js-plotly-plot") &&
        !hint.matches(CONTROLS) && hint.getClientRects().length > 0;
    });
  }

  function hints() {
    var seen = [];
    document.querySelectorAll(HINTED).forEach(function (hint) {
      var whole = group(hint);
      if (seen.indexOf(whole) >= 0) return;
      seen.push(whole);
      var found = hinted(whole), held = found.some(function (one) { return one.getAttribute("tabindex") === "0"; });
      found.forEach(function (one, place) {
        one.classList.add("hinted");
        if (!one.hasAttribute("tabindex")) one.setAttribute("tabindex", !held && place === 0 ? "0" : "-1");
      });
    });
  }

  function step(hint, by) {
    var found = hinted(group(hint)), next = found[found.indexOf(hint) + by];
    if (!next) return false;
    hint.setAttribute("tabindex", "-1");
    next.setAttribute("tabindex", "0");
    next.focus();
    return true;
  }

  function bubble() {
    var there = document.getElementById("hint-bubble");
    if (!there) {
      there = document.createElement("div");
      there.id = "hint-bubble";
      there.setAttribute("role", "status");
      document.body.appendChild(there);
    }
    return there;
  }

  function show(hint) {
    var there = bubble(), at = hint.getBoundingClientRect();
    there.textContent = hint.getAttribute("title");
    there.style.display = "block";
    var wide = there.offsetWidth, left = Math.min(at.left, document.documentElement.clientWidth - wide - 8);
    var below = at.bottom + 6, high = there.offsetHeight;
    there.style.left = Math.max(8, left) + "px";
    there.style.top = (below + high > window.innerHeight ? Math.max(8, at.top - high - 6) : below) + "px";
  }

  function hide() {
    var there = document.getElementById("hint-bubble");
    if (there) {
      there.style.display = "none";
      there.textContent = "";
    }
  }

  document.addEventListener("focusin", function (event) {
    hide();
    if (event.target.matches(".hinted") && event.target.matches(":focus-visible")) show(event.target);
  });
  document.addEventListener("pointerdown", function (event) {
    var hint = event.target.closest && event.target.closest(".hinted");
    hide();
    if (hint && event.pointerType !== "mouse" && !event.target.closest("a, button")) show(hint);
  });
  document.addEventListener("scroll", hide, true);
  document.addEventListener("keydown", function (event) {
    var by = { ArrowRight: 1, ArrowDown: 1, ArrowLeft: -1, ArrowUp: -1 }[event.key];
    if (event.key === "Escape") hide();
    if (by && event.target.matches && event.target.matches(".hinted") && step(event.target, by)) event.preventDefault();
  });

  /* Dash gives the field of a file no name: it is called as the area that it lies in. */
  function files() {
    document.querySelectorAll("#main input[type=file]:not([aria-label])").forEach(function (field) {
      var said = field.parentElement.textContent.trim();
      if (said) field.setAttribute("aria-label", said);
    });
  }

  /* The head of a question is a header within a dialog, and no second head of the page. */
  function questions() {
    document.querySelectorAll("header.mantine-Modal-header, header.mantine-Drawer-header").forEach(function (head) {
      head.setAttribute("role", "presentation");
    });
  }

  function look() {
    if (waiting) return;
    waiting = true;
    window.setTimeout(function () {
      waiting = false;
      areas();
      hints();
      files();
      questions();
    }, 120);
  }

  /* What a refusal speaks of: the field is marked, called what is wrong with it, and is where one goes on. */
  function unmark(field) {
    var sentence = field.dataset.refused;
    var told = (field.getAttribute("aria-describedby") || "").split(" ").filter(function (id) { return id && id !== sentence; });
    field.removeAttribute("aria-invalid");
    field.removeAttribute("data-refused");
    if (told.length) field.setAttribute("aria-describedby", told.join(" ")); else field.removeAttribute("aria-describedby");
  }

  function control(part) {
    var inner = "input:not([type=hidden]), textarea, select";
    return part.matches(inner) ? part : part.querySelector(inner) || part;
  }

  function refused() {
    var said = document.querySelector("#notice [data-about]") || document.querySelector("#main [data-about]");
    var part = said && (document.getElementById(said.dataset.about) ||
      document.querySelector('[aria-labelledby="' + CSS.escape(said.dataset.about + "-label") + '"]'));
    document.querySelectorAll("[data-refused]").forEach(unmark);
    if (!part) return;
    var sentence = said.closest("[id]").id;
    var field = control(part), folded = field.closest("details:not([open])");
    while (folded) {
      folded.open = true;
      folded = folded.parentElement.closest("details:not([open])");
    }
    field.setAttribute("data-refused", sentence);
    field.setAttribute("aria-invalid", "true");
    field.setAttribute("aria-describedby", ((field.getAttribute("aria-describedby") || "") + " " + sentence).trim());
    field.focus();
  }

  document.addEventListener("input", function (event) {
    if (event.target.matches("[data-refused]")) unmark(event.target);
  });

  function watch() {
    new MutationObserver(function (changes) {
      if (changes.some(function (one) { return one.target.closest("#notice, [data-about]") || one.target.querySelector(":scope > [data-about]"); })) {
        refused();
      }
    }).observe(document.body, { childList: true, subtree: true, attributes: true, attributeFilter: ["data-at"] });
    new MutationObserver(look).observe(document.body, { childList: true, subtree: true });
    window.addEventListener("resize", look);
    document.addEventListener("toggle", look, true);
  }

  /* The scripts of the pages begin once the first HTML is there and painted. */
  if (document.readyState === "loading") document.addEventListener("DOMContentLoaded", watch);
  else watch();

  window.addEventListener("beforeprint", function () {
    var day = new Intl.DateTimeFormat(document.documentElement.lang, { dateStyle: "long" }).format(new Date());
    document.querySelectorAll("[data-print-day]").forEach(function (line) { line.textContent = day; });
  });
})();
