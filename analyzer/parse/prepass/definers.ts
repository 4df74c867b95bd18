/** Macros that define an object at file scope or in a struct: what they declare. */
export interface Definer {
	/** Type of the object; null when the argument at `typeArgument` names it. */
	readonly type: string | null;
	readonly typeArgument?: number;
	readonly nameArgument: number;
	readonly array?: boolean;
}

const named = (type: string): Definer => ({ type, nameArgument: 0 });

/** include/linux/mutex.h, spinlock_types.h, rwsem.h, wait.h, list.h, xarray.h, workqueue.h, timer.h, percpu-defs.h, … */
const DEFINERS = new Map<string, Definer>([
	['DEFINE_MUTEX', named('struct mutex')],
	['DECLARE_MUTEX', named('struct semaphore')],
	['DEFINE_SEMAPHORE', named('struct semaphore')],
	['DEFINE_SPINLOCK', named('spinlock_t')],
	['DEFINE_RAW_SPINLOCK', named('raw_spinlock_t')],
	['DEFINE_RWLOCK', named('rwlock_t')],
	['DEFINE_SEQLOCK', named('seqlock_t')],
	['DECLARE_RWSEM', named('struct rw_semaphore')],
	['DEFINE_RT_MUTEX', named('struct rt_mutex')],
	['DEFINE_STATIC_PERCPU_RWSEM', named('struct percpu_rw_semaphore')],
	['DEFINE_PERCPU_RWSEM', named('struct percpu_rw_semaphore')],
	['DEFINE_WW_CLASS', named('struct ww_class')],
	['DEFINE_WD_CLASS', named('struct ww_class')],
	['DEFINE_SRCU', named('struct srcu_struct')],
	['DEFINE_STATIC_SRCU', named('struct srcu_struct')],
	['LIST_HEAD', named('struct list_head')],
	['HLIST_HEAD', named('struct hlist_head')],
	['LLIST_HEAD', named('struct llist_head')],
	['PLIST_HEAD', named('struct plist_head')],
	['DEFINE_HASHTABLE', { type: 'struct hlist_head', nameArgument: 0, array: true }],
	['DEFINE_READ_MOSTLY_HASHTABLE', { type: 'struct hlist_head', nameArgument: 0, array: true }],
	['DECLARE_HASHTABLE', { type: 'struct hlist_head', nameArgument: 0, array: true }],
	['DECLARE_BITMAP', { type: 'unsigned long', nameArgument: 0, array: true }],
	['DECLARE_WAIT_QUEUE_HEAD', named('wait_queue_head_t')],
	['DECLARE_COMPLETION', named('struct completion')],
	['DEFINE_IDA', named('struct ida')],
	['DEFINE_IDR', named('struct idr')],
	['DEFINE_XARRAY', named('struct xarray')],
	['DEFINE_XARRAY_FLAGS', named('struct xarray')],
	['DEFINE_XARRAY_ALLOC', named('struct xarray')],
	['DEFINE_XARRAY_ALLOC1', named('struct xarray')],
	['RADIX_TREE', named('struct radix_tree_root')],
	['DECLARE_WORK', named('struct work_struct')],
	['DECLARE_DELAYED_WORK', named('struct delayed_work')],
	['DECLARE_DEFERRABLE_WORK', named('struct delayed_work')],
	['DEFINE_TIMER', named('struct timer_list')],
	['DECLARE_TASKLET', named('struct tasklet_struct')],
	['DECLARE_TASKLET_OLD', named('struct tasklet_struct')],
	['DEFINE_STATIC_KEY_FALSE', named('struct static_key_false')],
	['DEFINE_STATIC_KEY_TRUE', named('struct static_key_true')],
	['DEFINE_RATELIMIT_STATE', named('struct ratelimit_state')],
	['BLOCKING_NOTIFIER_HEAD', named('struct blocking_notifier_head')],
	['ATOMIC_NOTIFIER_HEAD', named('struct atomic_notifier_head')],
	['RAW_NOTIFIER_HEAD', named('struct raw_notifier_head')],
]);

const PER_CPU = /^(?:DEFINE|DECLARE)_(?:EARLY_)?PER_?CPU(?:_\w+)?$/;
const PER_CPU_DEFINER: Definer = { type: null, typeArgument: 0, nameArgument: 1 };

export function definerOf(macro: string): Definer | null {
	return DEFINERS.get(macro) ?? (PER_CPU.test(macro) ? PER_CPU_DEFINER : null);
}
