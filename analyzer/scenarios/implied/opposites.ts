/** Words of names of which the one begins what the other ends. */
const OPPOSITES: Readonly<Record<string, string>> = {
	get: 'put|release|drop', grab: 'put|release|drop', acquire: 'release|drop|put', hold: 'release|put|unhold', pin: 'unpin|put', inc: 'dec|put|deactivate', tryget: 'put',
	set: 'clear|release|unset|reset', begin: 'end|finish|done|abort', start: 'end|finish|stop|done', enter: 'exit|leave', freeze: 'unfreeze|thaw', quiesce: 'unquiesce|resume|restart',
	active: 'deactive|inactive', activate: 'deactivate', disable: 'enable', block: 'unblock|allow|resume', suspend: 'resume', stop: 'start|restart|resume|continue', pause: 'resume|unpause|continue', prevent: 'allow', forbid: 'allow|permit', claim: 'unclaim|release', reserve: 'unreserve|release',
	mark: 'unmark|clear', isolate: 'unisolate|putback', register: 'unregister', attach: 'detach', exclude: 'include|allow', park: 'unpark', halt: 'resume|restart', deny: 'allow',
};

const words = (name: string): readonly string[] => name.split('_').filter((word) => word !== '');

/** What the first call begins the second one ends, by their names: one word each says so, and what else they are called by is alike in part. */
export function areOpposite(first: string, second: string): boolean {
	const [one, other] = [words(first), words(second)];
	return one.some((word, at) => {
		const ends = OPPOSITES[word];
		const behind = other.findIndex((each) => each === `un${word}` || (ends !== undefined && new RegExp(`^(?:${ends})$`).test(each)));
		if (behind < 0) return false;
		const [rest, left] = [one.filter((_, index) => index !== at), other.filter((_, index) => index !== behind)];
		return rest.length === 0 || left.length === 0 || rest.some((each) => left.includes(each));
	});
}
