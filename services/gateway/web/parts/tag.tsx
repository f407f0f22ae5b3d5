import type { ComponentChildren } from "preact";
import { Icon, type IconName } from "./icon";

export type Tone = "" | "ok" | "warn" | "bad" | "pen" | "now";

/* One or two words for a state. */
export function Tag({ tone = "", icon, children }: { tone?: Tone; icon?: IconName; children: ComponentChildren }) {
	return <span class={`tag ${tone}`}>{icon !== undefined && <Icon name={icon} size={14} />}{children}</span>;
}

/* Something to know, with its picture. */
export function Note({ tone = "", icon, id, role, children }: {
	tone?: "" | "ok" | "warn" | "bad" | "hi"; icon: IconName; id?: string; role?: "status" | "alert" | "group"; children: ComponentChildren;
}) {
	return <div class={`note ${tone}`} id={id} role={role}><Icon name={icon} size={20} /><div>{children}</div></div>;
}
