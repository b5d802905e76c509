/* Files to import go to the server as one multipart request, as they are; the page that answers shows the preview. */
(function () {
  "use strict";

  function say(zone, text, bad) {
    var status = zone.querySelector("#upload-status");
    status.textContent = text;
    status.className = "upload-status" + (bad ? " bad" : "");
  }

  function send(zone, files) {
    if (!files.length) return;
    var data = new FormData(), request = new XMLHttpRequest();
    var waiting = new URLSearchParams(window.location.search).get("token");
    if (waiting && zone.classList.contains("drop-small")) data.append("token", waiting);
    Array.prototype.forEach.call(files, function (file) { data.append("file", file, file.name); });
    zone.classList.add("busy");
    say(zone, zone.dataset.busy);
    request.open("POST", (zone.dataset.post || "/import/upload") + window.location.search);
    request.setRequestHeader("Accept", "application/json");
    request.setRequestHeader("X-CSRFToken", window.xingfuToken());
    request.upload.onprogress = function (event) {
      if (event.lengthComputable) say(zone, zone.dataset.busy + " " + Math.round(100 * event.loaded / event.total) + "%");
    };
    request.onload = function () {
      zone.classList.remove("busy");
      var answer = {};
      try { answer = JSON.parse(request.responseText); } catch (error) { answer = {}; }
      if (request.status === 200 && answer.token) {
        var query = new URLSearchParams(window.location.search);
        query.delete("batch");
        query.set("token", answer.token);
        query.set("v", String(Date.now() % 1e6));  /* more files under the same token show at once */
        query.delete("at");
        window.history.pushState({}, "", (zone.dataset.show || "/import") + "?" + query.toString());
        window.dispatchEvent(new CustomEvent("_dashprivate_pushstate"));
        return;
      }
      say(zone, answer.error || (request.status === 413 ? zone.dataset.large : zone.dataset.failed), true);
    };
    request.onerror = function () {
      zone.classList.remove("busy");
      say(zone, zone.dataset.failed, true);
    };
    request.send(data);
  }

  document.addEventListener("click", function (event) {
    var button = event.target.closest("[data-pick]");
    if (!button) return;
    var zone = button.closest("#drop"), chooser = document.createElement("input");
    chooser.type = "file";
    chooser.multiple = true;
    chooser.accept = ".xlsx,.xls,.csv,.txt,.tsv,.sav,.json,.geojson";
    chooser.style.display = "none";
    chooser.addEventListener("change", function () { send(zone, chooser.files); chooser.remove(); });
    document.body.appendChild(chooser);
    chooser.click();
  });

  document.addEventListener("click", function (event) {
    var button = event.target.closest("[data-copy]"), area;
    if (!button) return;
    area = document.createElement("textarea");  /* the clipboard API is missing on plain http of an intranet */
    area.value = button.dataset.copy;
    document.body.appendChild(area);
    area.select();
    document.execCommand("copy");
    area.remove();
    button.textContent = button.dataset.copied;
  });

  ["dragover", "dragleave", "drop"].forEach(function (kind) {
    document.addEventListener(kind, function (event) {
      var zone = event.target.closest ? event.target.closest("#drop") : null;
      if (!document.getElementById("drop")) return;
      event.preventDefault();  /* a file dropped beside the zone must not replace the page */
      document.getElementById("drop").classList.toggle("over", Boolean(zone) && kind === "dragover");
      if (zone && kind === "drop") send(zone, event.dataTransfer.files);
    });
  });
})();
