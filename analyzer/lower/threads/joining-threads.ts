import { DEFERRED, type Registration, type ThreadDirectory, threadOf } from './directory';
import type { Party } from './party';
import type { Val } from '../values/value';

/** Work items, timers, interrupts and RCU callbacks that join the parties as the code mentions them. */
export class JoiningThreads implements ThreadDirectory {
	readonly registrations = new Map<string, Registration>();
	readonly mentions = new Map<string, Set<'spawn' | 'cancel'>>();
	/** Keys of what the scenario's own code sets up: it cannot be under way before. */
	readonly setUp = new Set<string>();
	readonly sites = new Map<string, { readonly callback: string | null; readonly argument: Val; readonly origin: number }>();
	private readonly domains: string[] = [];
	parties: readonly Party[] = [];
	readonly again = true;

	constructor(registered: readonly Registration[]) {
		for (const each of registered) if (!this.registrations.has(each.key)) this.registrations.set(each.key, each);
	}

	index(key: string): number {
		return this.parties.findIndex((party) => party.key === key);
	}

	every(context: string): readonly number[] {
		return this.parties.flatMap((party, index) => (party.key && (party.context === context || (context === 'hardirq' && party.key.endsWith(threadOf('')))) ? [index] : []));
	}

	callbacks(): readonly { readonly thread: number; readonly takes: string }[] {
		return this.parties.flatMap((party, thread) => (party.callback && !party.key && !party.role?.outlives ? [{ thread, takes: party.modelled ? '' : party.definition.fn.params.map(({ type }) => type).join() }] : []));
	}

	register(registration: Registration): void {
		this.setUp.add(registration.key);
		const old = this.registrations.get(registration.key);
		if (!old || old.callback !== registration.callback) this.registrations.set(registration.key, registration);
	}

	mention(key: string, how: 'spawn' | 'cancel'): void {
		this.mentions.set(key, (this.mentions.get(key) ?? new Set()).add(how));
	}

	checkpoint(): () => void {
		const [mentions, sites] = [new Map([...this.mentions].map(([key, how]) => [key, new Set(how)] as const)), new Map(this.sites)];
		return () => {
			this.mentions.clear();
			for (const [key, how] of mentions) this.mentions.set(key, how);
			this.sites.clear();
			for (const [site, what] of sites) this.sites.set(site, what);
		};
	}

	deferred(thread: number, within: string, callback: string | null, argument: Val, origin: number): number {
		// A callback whose last put defers another of its kind would be threads without end: what callbacks defer is one thread for all who run them.
		const host = this.parties[thread];
		const site = `${host?.key?.startsWith(DEFERRED) ? host.entry : thread}${within}`;
		if (!this.sites.has(site)) this.sites.set(site, { callback, argument, origin });
		return this.index(`${DEFERRED} ${site}`);
	}

	domain(path: string): number {
		if (!this.domains.includes(path)) this.domains.push(path);
		return this.domains.indexOf(path) + 1;
	}
}
