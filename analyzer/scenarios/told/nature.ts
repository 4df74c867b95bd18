/** What the names of calls in a statement say that it does, where nobody shows it. */
const named = (words: string): RegExp => new RegExp(`(?:\\b|_)(?:${words})(?:_\\w*)?\\s*\\(`, 'i');

const DROPS = named('put|unref|release|free|kfree|kvfree|kfree_skb|drop|dec|destroy|unpin|deref|detach|dput|iput|fput|mntput|mmput|mmdrop|bdput|brelse|close|unget|kunmap|unhold|clear|remove|unregister|idle|suspend|disable|exit|cleanup|unload|undo|sub');
const TAKES = named('get|ref|hold|grab|pin|inc|tryget|dget|iget|fget|mmget|igrab|attach|find|lookup|open|add|register|enable|resume');
const UNLOCKS = named('unlock|release|up|up_read|up_write|end|leave|exit|done|enable|restore|put');
const LOCKS = named('lock|trylock|down|down_read|down_write|acquire|enter|begin|begin_trans|start_write|start_read|suspend|irqsave');
const SIGNALS = named('complete|complete_all|wake|wakeup|wake_up|signal|notify|done|queue|queue_work|schedule|kick|resume|set_bit|clear_bit|end|finish|trigger|raise|start|enable|post|flush|run|poll|abort|cancel');
const INITIALISES = named('init|reinit|reinit_completion|init_completion|prepare|reset|clear_bit|clear|begin|start');
const WAITS = /\b\w*(?:synchronize|cancel|flush|wait|drain|kill|quiesce|barrier|shutdown|stop|disable|_sync)\w*\s*\(/;
const MASKS = /irqsave|irq_save|irqrestore|_irq\b|_bh\b|local_(?:irq|bh)_disable|irqs?_disable|nmi|hardirq/i;

export const drops = (text: string): boolean => DROPS.test(text) || /--|-=/.test(text);
export const takes = (text: string): boolean => TAKES.test(text) || /\+\+|\+=/.test(text);
export const unlocks = (text: string): boolean => UNLOCKS.test(text) || /unlock/i.test(text);
export const takesLock = (text: string): boolean => LOCKS.test(text) || (/(?<![bc])lock(?!ed|dep|less)/i.test(text) && !/unlock/i.test(text));
export const signals = (text: string): boolean => SIGNALS.test(text) || /wake_?up/i.test(text);
export const initialises = (text: string): boolean => INITIALISES.test(text) || /=\s*(?:0|NULL|false)\s*;/.test(text);
/** It stops something, or waits until that is done. */
export const waits = (text: string): boolean => !isLock(text) && !isUnlock(text) && WAITS.test(text);
export const masks = (text: string): boolean => MASKS.test(text);
/** A pointer, a link or a mark that leads to something is taken back. */
export const clears = (text: string): boolean => /=\s*(?:NULL|0|false|-1|ERR_PTR\([^)]*\)|\w*(?:DEAD|FREE|NONE|INVALID|CLOSED)\w*)\s*;/.test(text) || /\b(?:RB_CLEAR_NODE|INIT_LIST_HEAD|\w*(?:list|hlist|rb|node)\w*_(?:del|erase|unlink)\w*|clear_bit|\w*set_\w*drvdata)\s*\(/.test(text);
/** By what everybody calls a lock, not by what may be one. */
export const isUnlock = (text: string): boolean => /unlock|\bup(?:_read|_write)?\s*\(/i.test(text);
export const isLock = (text: string): boolean => /\bdown(?:_read|_write)?\w*\s*\(|\bguard\s*\(/.test(text) || (/(?<![bc])lock(?!ed|dep|less)\w*\s*\(/i.test(text) && !isUnlock(text));
/** A mapping or a reference is given back: nobody is kept out, or woken up, by that. */
export const givesBack = (text: string): boolean => /^(?:\w+_)?(?:kunmap|unmap|put|unref|unpin|brelse)(?:_(?:atomic|local|page|folio))?\s*\(/.test(text);
