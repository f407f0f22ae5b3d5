// Pictures of 20 units, drawn with the pen; they never stand for a word alone.

const paths = {
	check: "m4 10.5 4 4L16 6",
	warn: "M10 3 2.3 16.5h15.4zM10 8v4M10 14.2v.2",
	error: "M10 2.7a7.3 7.3 0 1 0 0 14.6 7.3 7.3 0 0 0 0-14.6zM10 6.2v4.6M10 13.6v.2",
	info: "M10 2.7a7.3 7.3 0 1 0 0 14.6 7.3 7.3 0 0 0 0-14.6zM10 9.2v4.6M10 6.4v.2",
	offline: "M3 3l14 14M5 12.5a3 3 0 0 0 1 4h9M8 5.6A4.5 4.5 0 0 1 14.5 9a3.6 3.6 0 0 1 3 5",
	book: "M10 5.2C8.2 3.9 5.8 3.5 3 3.6v11.6c2.8-.1 5.2.3 7 1.6 1.8-1.3 4.2-1.7 7-1.6V3.6c-2.8-.1-5.2.3-7 1.6zM10 5.2v11.6",
	people: "M7 4.2a2.8 2.8 0 1 0 0 5.6 2.8 2.8 0 0 0 0-5.6zM2 16.5c.5-3 2.6-4.6 5.5-4.6s5 1.6 5.5 4.6M13 4.4a2.8 2.8 0 0 1 0 5.2M14.8 12.3c1.8.6 2.9 2 3.2 4.2",
	person: "M10 3.8a3.2 3.2 0 1 0 0 6.4 3.2 3.2 0 0 0 0-6.4zM3.5 17c.7-3.3 3.2-5 6.5-5s5.8 1.7 6.5 5",
	shield: "m10 2.5 6.5 2.4v5c0 4-2.7 6.4-6.5 7.6-3.8-1.2-6.5-3.6-6.5-7.6v-5z",
	file: "M4.5 2.5h6.6l4.4 4.4v10.6h-11zM11 2.5V7h4.5M7.5 11h5M7.5 14h5",
	picture: "M2.5 3.5h15v13h-15zM7 6.6a1.4 1.4 0 1 0 0 2.8 1.4 1.4 0 0 0 0-2.8zM2.5 14l4.3-3.8 3.2 2.9 2.8-2.3 4.7 3.7",
	video: "M3.5 5h8A1.5 1.5 0 0 1 13 6.5v7a1.5 1.5 0 0 1-1.5 1.5h-8A1.5 1.5 0 0 1 2 13.5v-7A1.5 1.5 0 0 1 3.5 5zM13 9l5-2.6v7.2L13 11",
	sound: "M3 8v4h3l4 3.5v-11L6 8zM13 7.5a3.5 3.5 0 0 1 0 5M15.3 5a7 7 0 0 1 0 10",
	link: "M8.3 11.7l3.4-3.4M7.4 9 5 11.4a2.5 2.5 0 0 0 3.6 3.6L11 12.6M12.6 11 15 8.6A2.5 2.5 0 0 0 11.4 5L9 7.4",
	upload: "M10 13V3.5M6 7.3l4-3.8 4 3.8M3.5 13v3.5h13V13",
	pause: "M7 5v10M13 5v10",
	close: "M5 5l10 10M15 5L5 15",
	clock: "M10 2.7a7.3 7.3 0 1 0 0 14.6 7.3 7.3 0 0 0 0-14.6zM10 6v4.2l2.8 1.8",
	history: "M3.6 7.2A7 7 0 1 1 3 10.6M3.2 3.6v3.8H7M10 6.4v4l2.6 1.6",
	lock: "M5 9h10v8H5zM7 9V6.5a3 3 0 0 1 6 0V9",
	keyboard: "M2.5 5.5h15v9h-15zM5.5 8.5h.1M8.5 8.5h.1M11.5 8.5h.1M14.5 8.5h.1M6.5 11.7h7",
	next: "M8 4l6 6-6 6",
	back: "M12 4l-6 6 6 6",
	download: "M10 3.5V13M6 9.2l4 3.8 4-3.8M3.5 13v3.5h13V13",
	quote: "m4 16 1-4L13.4 3.6l3 3L8 15zM11.5 5.5l3 3",
	praise: "m10 3 2 4.6 5 .5-3.8 3.3 1.2 4.9-4.4-2.6-4.4 2.6 1.2-4.9L3 8.1l5-.5z",
	more: "M3.8 10h1.4M9.3 10h1.4M14.8 10h1.4",
	target: "M10 3a7 7 0 1 0 0 14 7 7 0 0 0 0-14zM10 6.8a3.2 3.2 0 1 0 0 6.4 3.2 3.2 0 0 0 0-6.4zM10 9.9v.2",
	chat: "M3 4.5h14v9.2H9.5L6 17v-3.3H3z",
} as const;

export type IconName = keyof typeof paths;

export function Icon({ name, size = 18, flip = false }: { name: IconName; size?: number; flip?: boolean }) {
	return (
		<svg width={size} height={size} viewBox="0 0 20 20" fill="none" stroke="currentColor" stroke-width="1.6"
			stroke-linecap="round" stroke-linejoin="round" aria-hidden="true" class={flip ? "flip" : undefined}>
			<path d={paths[name]} />
		</svg>
	);
}
