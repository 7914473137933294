/** A <details> used as a pull-down: Escape, a click outside and a choice close it. */
export function popup(el: HTMLDetailsElement): { destroy: () => void } {
	const outside = (e: Event): void => {
		if (el.open && !el.contains(e.target as Node)) el.open = false;
	};
	const key = (e: KeyboardEvent): void => {
		if (e.key !== 'Escape' || !el.open) return;
		el.open = false;
		el.querySelector('summary')?.focus();
	};
	const chosen = (e: Event): void => {
		if ((e.target as Element).closest('a')) el.open = false;
	};
	document.addEventListener('pointerdown', outside);
	document.addEventListener('focusin', outside);
	el.addEventListener('keydown', key);
	el.addEventListener('click', chosen);
	return {
		destroy: () => {
			document.removeEventListener('pointerdown', outside);
			document.removeEventListener('focusin', outside);
		},
	};
}
