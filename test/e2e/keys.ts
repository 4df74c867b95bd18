/** Keys by what they are for. */
export const Key = { escape: 'Escape', enter: 'Enter', forward: 'ArrowRight', back: 'ArrowLeft', failure: 'f', nextSwitch: 's', play: 'Space', first: 'Home', table: 't', compare: 'b', pre: '1', post: '2' } as const;
