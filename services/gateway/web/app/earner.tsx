// Pages that an earner works in.
import { render } from "preact";
import { boot } from "../lib/boot";
import { Boundary } from "../parts/boundary";
import { CheckPage } from "../views/check";
import { Draft, type DraftBoot } from "../views/draft";

const views: { [view: string]: () => preact.JSX.Element } = {
	draft: () => <Draft boot={boot() as DraftBoot} />,
	check: () => <CheckPage boot={boot() as DraftBoot} />,
};
const root = document.getElementById("app"), view = views[boot().view];

if (root !== null && view !== undefined)
	render(<Boundary>{view()}</Boundary>, root);
