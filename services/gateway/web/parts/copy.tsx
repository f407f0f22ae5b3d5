import { useState } from "preact/hooks";
import { Button } from "./button";

/* Copies TEXT, and says so on itself. Where the browser will not, the text stands beside it to be marked. */
export function Copy({ text, label, done, kind }: { text: string; label: string; done: string; kind?: "primary" | "plain" }) {
	const [isDone, set] = useState(false);
	const copy = () => navigator.clipboard.writeText(text).then(() => set(true), () => set(false));

	return (
		<span class="copy">
			<Button small kind={kind ?? "plain"} onClick={() => void copy()}>{isDone ? done : label}</Button>
			<span class="vh" role="status">{isDone && done}</span>
		</span>
	);
}
