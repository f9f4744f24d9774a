"""A page as somebody without a mouse meets it."""

from dataclasses import dataclass
from typing import Any

from playwright.sync_api import Page

_MARK_CONTROLS = """() => {
  const reached = (control) => control.tabIndex >= 0 && !control.disabled && control.type !== "hidden"
    && control.checkVisibility({ visibilityProperty: true }) && !behindItsGroup(control);
  const behindItsGroup = ({ type, checked, name }) =>
    type === "radio" && !checked && document.querySelector(`input[name="${name}"]:checked`);
  const look = (control) => {
    const { outline, boxShadow, borderColor, backgroundColor } = getComputedStyle(control);
    return [outline, boxShadow, borderColor, backgroundColor].join("|");
  };
  const name = (control) => `<${control.localName} id="${control.id}"> ${control.textContent.trim().slice(0, 30)}`;

  const all = document.querySelectorAll("a[href], button, input, select, textarea, summary, [tabindex]");
  const controls = [...all].filter(reached);
  const unfocused = new Map(controls.map((control) => [control, look(control)]));
  window.focused = () => {
    const control = document.activeElement;
    if (!control || control === document.body) return null;
    const seen = !unfocused.has(control) || look(control) !== unfocused.get(control);
    return { name: name(control), order: controls.indexOf(control), seen };
  };
  return controls.map(name);
}"""
"""Remembers how each control looks without focus, and leaves a function that tells which one has it now."""


@dataclass(frozen=True, slots=True)
class Tour:
    """Where the key Tab leads, from the top of a page to its end."""

    controls: list[str]
    """What can be operated, in the order of the document."""
    missed: list[str]
    """Controls that Tab does not reach."""
    unseen: list[str]
    """Controls that look the same with and without focus."""


def tour(page: Page) -> Tour:
    """Presses Tab until the focus leaves the page."""
    controls: list[str] = page.evaluate(_MARK_CONTROLS)
    page.evaluate("document.activeElement.blur()")
    stops: list[dict[str, Any]] = []
    for _ in range(len(controls) + 20):  # some stops are no control: what scrolls has the focus, too
        page.keyboard.press("Tab")
        stop = page.evaluate("focused()")
        if stop is None:
            break
        stops.append(stop)
    reached = {stop["order"] for stop in stops}
    return Tour(
        controls,
        missed=[name for order, name in enumerate(controls) if order not in reached],
        unseen=[stop["name"] for stop in stops if not stop["seen"]],
    )
