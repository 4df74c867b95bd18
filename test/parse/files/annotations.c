// Annotation words, locking annotations, storage and macro heads.
static __init int __must_check foo_setup(struct foo __user *from, char __iomem *regs)
	__acquires(&foo_lock)
{
	u8 __rcu *p = rcu_dereference(from->p);

	return 0;
}

asmlinkage __visible void __sched notrace foo_schedule(void) __releases(rcu)
{
}

SYSCALL_DEFINE3(foo, unsigned int, fd, char __user *, buf, size_t, count)
{
	return foo_read(fd, buf, count);
}

SYSCALL_DEFINE0(foo_id)
{
	return 1;
}

COMPAT_SYSCALL_DEFINE1(foo_old, int, which)
{
	return which;
}

BPF_CALL_2(bpf_foo_get, struct foo *, f, u32, flags)
{
	return f->value;
}

STATIC int foo_static_word(struct foo *f) __must_hold(&f->lock)
{
	return f->value;
}

static DEFINE_MUTEX(foo_mutex);
static DEFINE_SPINLOCK(foo_lock);
static LIST_HEAD(foo_list);
static DEFINE_PER_CPU(struct foo_stats, foo_stats);
DEFINE_PER_CPU_ALIGNED(unsigned long, foo_count) = 3;
static DECLARE_WAIT_QUEUE_HEAD(foo_wait);
static DEFINE_XARRAY_ALLOC(foo_array);
static DECLARE_WORK(foo_work, foo_work_fn);

MODULE_LICENSE("GPL")
static const int foo_version __initconst = 4;
DEFINE_FOO_THING(struct foo, something)

int foo_after_macro(void)
{
	return 1;
}
EXPORT_SYMBOL_GPL(foo_after_macro);
module_init(foo_setup)
module_exit(foo_exit)

/* A struct by value from a function whose name looks like an annotation. */
static struct foo_range __foo_range(struct foo *f)
{
	list_for_each_entry(g, &f->l, n) {
		foo_touch(g);
	}
	return f->range;
}
