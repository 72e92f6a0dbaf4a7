// A form that is worked on by its buttons: the focus goes along with what was moved, to what took
// the place of what is gone, and to what is wrong.
(() => {
  const goOn = (editor) => editor?.querySelector('[data-focus]')?.focus();
  document.addEventListener('htmx:afterSettle', ({ detail }) => {
    if (detail.elt.id === 'editor') goOn(detail.elt);
  });
  goOn(document.getElementById('editor'));  // a whole page, where a button was pressed before htmx had it
})();
