/// <reference lib="dom" />
/// <reference lib="dom.iterable" />
/** What is wrong with a page as a person sees it. It runs in the browser, so it uses nothing from outside of itself. */

/** Texts that are cut off, lie on each other, or stick out; in words. */
export function findFlaws(): readonly string[] {
  const flaws: string[] = [];
  const root = document.documentElement;
  if (root.scrollWidth > window.innerWidth)
    flaws.push(`scrolls to ${root.scrollWidth} of ${window.innerWidth} px`);
  const shown: { readonly text: string; readonly rect: DOMRect; readonly node: Node }[] = [];
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  for (let node = walker.nextNode(); node !== null; node = walker.nextNode()) {
    const text = node.textContent?.trim() ?? '';
    const parent = node.parentElement;
    if (text === '' || parent?.closest('.hidden, title, script, style') !== null) continue;
    if (!parent.checkVisibility({ visibilityProperty: true })) continue;
    const range = document.createRange();
    range.selectNodeContents(node);
    const isScrolled = parent.closest('.scroll') !== null;
    for (const rect of range.getClientRects()) {
      if (rect.width < 1) continue;
      if (!isScrolled && (rect.left < -0.5 || rect.right > window.innerWidth + 0.5))
        flaws.push(`sticks out: ${text}`);
      shown.push({ text, rect, node });
    }
    const box = parent.closest('section, details, header, footer')?.getBoundingClientRect();
    const own = range.getBoundingClientRect();
    if (box !== undefined && !isScrolled && (own.right > box.right + 0.5 || own.left < box.left - 0.5))
      flaws.push(`leaves its box: ${text}`);
  }
  for (const element of document.querySelectorAll<HTMLElement>('body *')) {
    const { overflowX } = getComputedStyle(element);
    if (
      overflowX === 'hidden' &&
      element.scrollWidth > element.clientWidth + 1 &&
      element.closest('.hidden, .open') === null
    )
      flaws.push(`cut off: ${element.textContent.slice(0, 60)}`);
  }
  shown.forEach((a, index) => {
    for (const b of shown.slice(index + 1)) {
      if (a.node === b.node) continue;
      const width = Math.min(a.rect.right, b.rect.right) - Math.max(a.rect.left, b.rect.left);
      const height = Math.min(a.rect.bottom, b.rect.bottom) - Math.max(a.rect.top, b.rect.top);
      // Lines of text have a little room above and below the letters.
      if (width > 1 && height > 5) flaws.push(`on each other: ${a.text} / ${b.text}`);
    }
  });
  return flaws;
}
