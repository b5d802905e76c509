/* Links inside the dashboard, the window's title and language, the drawer, search in the league, printing. */
(function () {
  "use strict";

  /* The first HTML carries the page; it goes in the same breath in which the browser has built its own. */
  var first = document.getElementById("first");

  function alike(one, other) {
    return one.getAttribute("href") === other.getAttribute("href") && one.textContent === other.textContent;
  }

  function sameControl(held) {
    var here = Array.prototype.indexOf.call(first.querySelectorAll("a, button, summary"), held);
    var built = document.querySelectorAll("#page a, #page button, #page summary");
    return Array.prototype.find.call(built, function (one) { return alike(one, held); }) || built[here];
  }

  /* A button of the mouse that goes down on the first HTML and up on the page is a click that the browser does not see. */
  var pressed = null;
  document.addEventListener("mousedown", function (event) {
    pressed = first && event.button === 0 && first.contains(event.target) ? event.target.closest("a, button, summary") : null;
  }, true);
  document.addEventListener("mouseup", function (event) {
    var was = pressed, now = event.button === 0 && event.target.closest("a, button, summary");
    pressed = null;
    if (!was || was.isConnected || !now || !alike(was, now)) return;
    now.dispatchEvent(new MouseEvent("click", {
      bubbles: true, cancelable: true, view: window, detail: 1,
      ctrlKey: event.ctrlKey, metaKey: event.metaKey, shiftKey: event.shiftKey, altKey: event.altKey
    }));
  }, true);

  function taken() {
    if (!first || !document.querySelector("#page main")) return;
    var held = document.activeElement, again = first.contains(held) ? sameControl(held) : null;
    building.disconnect();
    first.remove();
    first = null;
    if (again) again.focus({ preventScroll: true });
  }

  var building = new MutationObserver(taken);
  if (first) building.observe(document.getElementById("react-entry-point"), { childList: true, subtree: true });

  function go(href) {
    window.history.pushState({}, "", href);
    window.dispatchEvent(new CustomEvent("_dashprivate_pushstate"));
    window.scrollTo(0, 0);
  }

  /* What goes back to the server with everything that changes something (the header X-CSRFToken). */
  window.xingfuToken = function () {
    var found = /(?:^|; )xingfu_token=([^;]*)/.exec(document.cookie);
    return found ? found[1] : "";
  };

  /* A session that has ended: a new page asks to sign in; what is typed on this one stays, and one signs in beside it. */
  function signedOut(answer, sent) {
    var here = encodeURIComponent(window.location.pathname + window.location.search), there = "/sign-in?next=" + here;
    if (String(sent).indexOf("page.children") >= 0) {
      window.location.assign(there);
      return;
    }
    answer.clone().json().then(function (told) {
      var notice = document.getElementById("notice"), link = document.createElement("a");
      link.href = there;
      link.target = "_blank";
      link.textContent = document.body.dataset.signIn;
      notice.replaceChildren(told.error + " ", link);
    });
  }

  /* Anything else that the server refused as a whole, such as a token of another session: its sentence. */
  function refused(answer) {
    answer.clone().json().then(function (told) {
      if (told.error) document.getElementById("notice").textContent = told.error;
    }, function () { /* what is no JSON has no sentence */ });
  }

  var send = window.fetch;
  window.fetch = function (address, options) {
    return send.apply(window, arguments).then(function (answer) {
      if (answer.status === 401) signedOut(answer, (options && options.body) || "");
      else if (answer.status >= 400) refused(answer);
      return answer;
    });
  };

  document.addEventListener("click", function (event) {
    if (event.target.closest("[data-sign-out]")) {
      send("/account/sign-out", { method: "POST", headers: { "X-CSRFToken": window.xingfuToken() } }).then(function () {
        window.location.assign("/sign-in");
      });
    }
  });

  document.addEventListener("click", function (event) {
    document.querySelectorAll(".more-menu[open]").forEach(function (menu) {
      if (!menu.contains(event.target) || event.target.closest(".more-list")) menu.open = false;
    });
    /* an address with # behind it would have the page made anew under who goes on from here */
    if (event.target.closest(".skip")) {
      event.preventDefault();
      document.getElementById("main").focus();
      return;
    }
    if (event.target.closest("[data-print]")) {
      window.setTimeout(window.print, 50);
      return;
    }
    var link = event.target.closest("a[data-nav]");
    if (!link || first || event.defaultPrevented || event.button !== 0) return;
    if (event.metaKey || event.ctrlKey || event.shiftKey || event.altKey) return;
    event.preventDefault();
    go(link.getAttribute("href"));
  });

  document.addEventListener("keydown", function (event) {
    var menu = event.key === "Escape" && document.querySelector(".more-menu[open]");
    if (menu) {
      menu.open = false;
      menu.querySelector("summary").focus();
    }
  });

  document.addEventListener("input", function (event) {
    if (event.target.id !== "league-find") return;
    var wanted = event.target.value.trim().toLowerCase();
    document.querySelectorAll("#league-rows tr").forEach(function (row) {
      row.hidden = wanted !== "" && row.getAttribute("data-name").toLowerCase().indexOf(wanted) < 0;
    });
  });

  window.addEventListener("beforeprint", function () {
    document.querySelectorAll(".js-plotly-plot").forEach(function (plot) {
      if (window.Plotly) window.Plotly.Plots.resize(plot);
    });
  });

  window.dash_clientside = Object.assign({}, window.dash_clientside, {
    xingfu: {
      /* The address is completed without telling the router: the page that it names is already shown. */
      shown: function (view) {
        if (!view) return window.dash_clientside.no_update;
        document.title = view.title;
        document.documentElement.lang = view.lang;
        window.xingfuShown(view.path);
        if (window.location.pathname === view.path && window.location.search !== view.search) {
          window.history.replaceState({}, "", view.path + view.search + window.location.hash);
        }
        return "";
      },
      drawer: function (opened) { return Boolean(opened); },
      closed: function (opened, burger) {
        return opened === burger ? window.dash_clientside.no_update : opened;
      },
      compare: function (codes, view) {
        if (!codes || !view) return window.dash_clientside.no_update;
        var query = new URLSearchParams(view.search), wanted = codes.join(",");
        if (!wanted || query.get("with") === wanted) return window.dash_clientside.no_update;
        query.set("with", wanted);
        go(view.path + "?" + query.toString());
        return window.dash_clientside.no_update;
      },
      find: function (text, view) {
        if (text === undefined || text === null || !view) return window.dash_clientside.no_update;
        var query = new URLSearchParams(view.search), wanted = text.trim();
        if ((query.get("find") || "") === wanted) return window.dash_clientside.no_update;
        if (wanted) query.set("find", wanted); else query.delete("find");
        go(view.path + "?" + query.toString());
        return window.dash_clientside.no_update;
      },
      go: function (href, view) {
        if (href && view && href !== view.path + view.search) go(href);
        return window.dash_clientside.no_update;
      }
    }
  });
})();
