// Single keys. They never fire in a field, in a dialog or with a modifier, and whoever
// does not want them switches them off (WCAG 2.1.4); that is kept on this device.
import { useEffect, useRef } from "preact/hooks";

export type Keys = { [key: string]: (e: KeyboardEvent) => void };

const PLACE = "vouch-keys", GO_MS = 1_500;
const places: { [key: string]: string } = { e: "/explore", w: "/work", q: "/queue", o: "/ops", h: "/desk" };

export function keysOn(): boolean {
	try {
		return localStorage.getItem(PLACE) !== "off";
	} catch {
		return true;
	}
}

export function switchKeys(on: boolean): void {
	try {
		localStorage.setItem(PLACE, on ? "on" : "off");
	} catch {
		// Then they are as they were on the next page.
	}
}

/* Is somebody writing, or choosing from a list? */
export function isTyping(e: Event): boolean {
	return e.target instanceof Element &&
		e.target.closest("input:not([type=radio], [type=checkbox]), textarea, select, [contenteditable], video, audio, dialog") !== null;
}

/* Calls what KEYS has for a key; "g" and then a letter leads to another desk. */
export function useKeys(keys: Keys): void {
	const now = useRef(keys), going = useRef(0);

	now.current = keys;
	useEffect(() => {
		const press = (e: KeyboardEvent) => {
			const isFree = !e.ctrlKey && !e.metaKey && !e.altKey && !e.defaultPrevented && !e.isComposing && keysOn();

			if (!isFree || isTyping(e) || document.querySelector("dialog[open]") !== null)
				return;
			const place = Date.now() - going.current < GO_MS ? places[e.key] : undefined;

			going.current = e.key === "g" ? Date.now() : 0;
			if (place !== undefined) {
				e.preventDefault();
				location.assign(place);
				return;
			}
			const run = now.current[e.key];

			if (run !== undefined) {
				e.preventDefault();
				run(e);
			}
		};

		addEventListener("keydown", press);
		return () => removeEventListener("keydown", press);
	}, []);
}
