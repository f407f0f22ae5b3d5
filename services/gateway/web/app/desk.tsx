// Help: questions as whoever asked sees them, and the desk where they are answered.
import { render } from "preact";
import { boot, type Boot } from "../lib/boot";
import { Boundary } from "../parts/boundary";
import { Desk, type DeskBoot } from "../views/desk";
import type { Ticket, TicketList } from "../views/ticket_record";
import { TicketPage, Tickets } from "../views/tickets";

const views: { [view: string]: () => preact.JSX.Element } = {
	tickets: () => <Tickets boot={boot() as Boot<TicketList>} />,
	ticket: () => <TicketPage boot={boot() as Boot<Ticket>} />,
	desk: () => <Desk boot={boot() as DeskBoot} />,
};
const root = document.getElementById("app"), view = views[boot().view];

if (root !== null && view !== undefined)
	render(<Boundary>{view()}</Boundary>, root);
