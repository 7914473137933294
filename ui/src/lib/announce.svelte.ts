/** One polite live region for the whole page: what is said here is read aloud. */
const state = $state({ text: '' });

export function announce(text: string): void {
	// The same sentence twice is only read again if the region changed in between.
	state.text = '';
	setTimeout(() => {
		state.text = text;
	}, 50);
}

export function announcement(): string {
	return state.text;
}
