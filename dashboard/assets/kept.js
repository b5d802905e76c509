/* What is typed into a form is kept in the order in which it was typed.  Two requests on their way at once can be stored
   in either order: the older words would stand there in the end, and words kept after the form was sent would come back.
   So each waits for the one before it, and what is pressed meanwhile waits for them; a page that is left sends at once,
   and each says its turn, so that the server, too, knows which is the older (survey/store/drafts.py). */
(function () {
  "use strict";

  var KEEPS = /"output":"(?:\.\.)?(?:kept-[a-z-]+|entry-preview)\./;
  var send = window.fetch, page = Math.random().toString(36).slice(2, 14), turn = 0, before = null, hurry, left;

  function stays() { left = new Promise(function (resolve) { hurry = resolve; }); }
  stays();
  window.addEventListener("pagehide", function () { hurry(true); });
  window.addEventListener("pageshow", function (event) { if (event.persisted) stays(); });

  window.fetch = function (address, options) {
    var told = options && typeof options.body === "string" ? options.body : "";
    if (!told || String(address).indexOf("_dash-update-component") < 0) return send.apply(window, arguments);
    var keeps = KEEPS.test(told);
    if (keeps) options = Object.assign({}, options, { headers: Object.assign({}, options.headers, { "X-Turn": page + "." + ++turn }) });
    var answer = !before ? send.call(window, address, options) : Promise.race([before, left]).then(function (leaving) {
      return send.call(window, address, leaving ? Object.assign({}, options, { keepalive: true }) : options);
    });
    if (keeps) {
      var ended = answer.then(function () {}, function () {}).then(function () { if (before === ended) before = null; });
      before = ended;
    }
    return answer;
  };
})();
