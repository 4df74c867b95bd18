#define FOO_FLAG	(1 << 3)	/* a flag */
#define foo_of(x) \
	container_of(x, struct foo, node)

enum foo_state {
	FOO_NEW,
	FOO_LIVE = 4,
	FOO_DEAD,
	FOO_BIT = BIT(5) | FOO_LIVE,
	FOO_UNKNOWN = SOMETHING_ELSE,
	FOO_AFTER_UNKNOWN,
	FOO_BACK = ~0 & 0xff,
};

struct foo {
	spinlock_t		lock;
	struct list_head	node, others[4];
	struct page		*page, **pages;
	union {
		struct {
			unsigned long	flags;
			atomic_t	refs;
		};
		void		*cookie;
	};
	struct {
		int		depth;
	} walk;
	struct foo_tagged {
		int		inner;
	} tagged;
	int			(*fault)(struct vm_fault *vmf, unsigned long);
	unsigned int		bits : 3, more : 5;
	DECLARE_BITMAP(map, FOO_BITS);
	DECLARE_HASHTABLE(table, 6);
	struct_group(grouped,
		u32	first;
		u32	second;
	);
	char __user		*buf __counted_by(len);
#ifdef CONFIG_FOO_EXTRA
	int			extra;
#else
	int			plain;
#endif
	struct rcu_head		rcu ____cacheline_aligned_in_smp;
	struct foo_item		items[];
} __packed;

typedef struct {
	int counter;
} foo_count_t;
typedef void (*foo_fn_t)(struct foo *, int);
typedef unsigned long foo_word_t;

extern struct foo *foo_find(struct foo_space *space, unsigned long index) __must_check;
static inline void foo_put(struct foo *f);
int foo_total, *foo_pointer = &foo_total;
static struct foo *foo_hash[16] __read_mostly;

static const struct vm_operations_struct foo_vm_ops = {
	.fault	= foo_fault,
	.nested	= { .open = foo_open, .deep = { .er = foo_deeper } },
	.size	= sizeof(struct foo),
};

static const struct foo_entry foo_table[] = {
	[0] = { .show = foo_show, .name = "a" },
	{ .show = foo_show2 },
	FOO_ROW(b, struct foo)
	FOO_ROW(c, int)
	{ }
};
