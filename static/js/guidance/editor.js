// A form that is worked on by its buttons: the focus goes along with what was moved, to what took
// the place of what is gone, and to what is wrong.
document.addEventListener('htmx:afterSettle', ({ detail }) => {
  if (detail.elt.id === 'editor') detail.elt.querySelector('[data-focus]')?.focus();
});
