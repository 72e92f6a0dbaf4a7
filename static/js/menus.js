// Menus (details), dialogs and whatever says data-close.
(() => {
  'use strict';
  const closeMenus = (except) => {
    for (const menu of document.querySelectorAll('details[data-menu][open]')) {
      if (menu !== except) menu.open = false;
    }
  };

  const openDialog = (event, link) => {
    const dialog = document.getElementById(link.dataset.dialog);
    if (!dialog || event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    dialog.showModal();
  };

  document.addEventListener('click', (event) => {
    closeMenus(event.target.closest('details[data-menu]'));
    const opener = event.target.closest('[data-dialog]');
    if (opener) openDialog(event, opener);
    const closer = event.target.closest('[data-close]');
    if (closer) closer.closest('dialog')?.close();
    if (event.target.matches('dialog')) event.target.close();
  });

  document.addEventListener('keydown', (event) => {
    if (event.key !== 'Escape') return;
    const open = document.querySelector('details[data-menu][open]');
    closeMenus();
    if (open?.contains(document.activeElement)) open.querySelector('summary').focus();
  });

  document.addEventListener('focusin', (event) => {
    closeMenus(event.target.closest('details[data-menu]'));
  });
})();
