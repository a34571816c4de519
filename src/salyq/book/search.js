"use strict";
(function () {
  var form = document.getElementById("search"), input = document.getElementById("words"), count = document.getElementById("count");
  var items = Array.prototype.map.call(document.querySelectorAll(".list li"), function (li) {
    return [li, li.textContent.toLowerCase()];
  });
  var sections = Array.prototype.slice.call(document.querySelectorAll(".list"));
  function find() {
    var words = input.value.toLowerCase().split(/\s+/).filter(Boolean), found = 0;
    items.forEach(function (item) {
      var fits = words.every(function (w) { return item[1].indexOf(w) >= 0; });
      item[0].hidden = !fits;
      if (fits) { found += 1; }
    });
    sections.forEach(function (s) { s.hidden = !s.querySelector("li:not([hidden])"); });
    count.textContent = words.length ? String(found) : "";
  }
  form.hidden = false;
  form.addEventListener("submit", function (event) { event.preventDefault(); });
  input.addEventListener("input", find);
}());
