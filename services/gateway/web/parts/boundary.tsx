import { Component, type ComponentChildren } from "preact";
import { t } from "../lib/words";
import { Button } from "./button";

/* A defect of a view leaves a page that says so; what was written is in the journal. */
export class Boundary extends Component<{ children: ComponentChildren }, { isBroken: boolean }> {
	override state = { isBroken: false };

	static override getDerivedStateFromError() {
		return { isBroken: true };
	}

	override componentDidCatch(error: unknown) {
		console.error(error);
	}

	render() {
		if (!this.state.isBroken)
			return this.props.children;
		return (
			<div class="wrap narrow">
				<div class="card pad stack-s" role="alert">
					<h1>{t("app.broken")}</h1>
					<p>{t("app.broken_how")}</p>
					<p class="bar"><Button onClick={() => location.reload()}>{t("app.reload")}</Button></p>
				</div>
			</div>
		);
	}
}
