// Pages that show how things stand: they ask again when something has happened,
// and when somebody comes back to them.
import { useEffect, useRef } from "preact/hooks";
import { listen } from "./events";

export function useLive(reload: () => void): void {
	const now = useRef(reload);

	now.current = reload;
	useEffect(() => {
		const shown = () => document.visibilityState === "visible" && now.current(), stop = listen(() => now.current());

		document.addEventListener("visibilitychange", shown);
		return () => {
			document.removeEventListener("visibilitychange", shown);
			stop();
		};
	}, []);
}
