// A colour well beside the text of its colour: each follows the other.
(() => {
  'use strict';
  const HEX = /^#?([0-9a-f]{6})$/i;

  document.addEventListener('input', (event) => {
    const well = event.target;
    if (well.dataset?.colourOf) {
      document.getElementById(well.dataset.colourOf).value = well.value;
      return;
    }
    const beside = document.querySelector(`[data-colour-of="${CSS.escape(event.target.id || '-')}"]`);
    const found = beside && HEX.exec(event.target.value.trim());
    if (found) beside.value = `#${found[1]}`;
  });
})();
