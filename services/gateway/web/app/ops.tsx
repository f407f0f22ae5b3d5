// Operations: whether the promise is kept.
import { render } from "preact";
import { boot } from "../lib/boot";
import { Boundary } from "../parts/boundary";
import { LatePage, Ops, type LateBoot, type OpsBoot } from "../views/ops";

const views: { [view: string]: () => preact.JSX.Element } = {
	ops: () => <Ops boot={boot() as OpsBoot} />,
	overdue: () => <LatePage boot={boot() as LateBoot} />,
};
const root = document.getElementById("app"), view = views[boot().view];

if (root !== null && view !== undefined)
	render(<Boundary>{view()}</Boundary>, root);
