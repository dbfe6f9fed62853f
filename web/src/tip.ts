// The small text beside the pointer. It only repeats what a label already says.
import { h } from "./dom.ts";

export function tip(over: Element, text: (target: Element) => string | null): void {
  const box = h("div", { class: "tip", "aria-hidden": "true" });
  const show = (event: PointerEvent): void => {
    const words = event.target instanceof Element ? text(event.target) : null;
    if (!words || event.pointerType === "touch") {
      box.remove();
      return;
    }
    if (box.textContent !== words) box.textContent = words;
    if (!box.isConnected) document.body.append(box);
    const left = Math.min(event.clientX + 14, window.innerWidth - box.offsetWidth - 8);
    const top = event.clientY + 18 + box.offsetHeight > window.innerHeight ? event.clientY - box.offsetHeight - 8 : event.clientY + 18;
    box.style.left = `${Math.max(8, left)}px`;
    box.style.top = `${Math.max(8, top)}px`;
  };
  over.addEventListener("pointermove", (event) => show(event as PointerEvent));
  over.addEventListener("pointerleave", () => box.remove());
  window.addEventListener("hashchange", () => box.remove());
}
