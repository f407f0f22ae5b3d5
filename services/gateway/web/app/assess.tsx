// The assessor's desk.
import { render } from "preact";
import { boot } from "../lib/boot";
import { Boundary } from "../parts/boundary";
import { Queue, type QueueBoot } from "../views/queue";
import { Score, type ScoreBoot } from "../views/score";

const views: { [view: string]: () => preact.JSX.Element } = {
	queue: () => <Queue boot={boot() as QueueBoot} />,
	score: () => <Score boot={boot() as ScoreBoot} />,
};
const root = document.getElementById("app"), view = views[boot().view];

if (root !== null && view !== undefined)
	render(<Boundary>{view()}</Boundary>, root);
