/*
 * The core types of the kernel, with the fields that code under review and the other models use. Field types are the
 * kernel's own (include/linux: mm_types.h, fs.h, mm.h, list.h, xarray.h, idr.h, rbtree_types.h, skbuff.h, netdevice.h, workqueue.h,
 * device.h, blkdev.h, bio.h, dcache.h, sched.h; include/net/sock.h); fields that begin with `__` belong to the models alone.
 */

/* include/linux/types.h, list.h: the head uses the slots, a node is `__on` a head (NULL: on none that is known, -1: deleted). */
struct list_head {
	struct list_head *__slot0;
	struct list_head *__slot1;
	struct list_head *__on;
	struct list_head *__after;
	int __added;
	int __window;
};

struct hlist_head {
	struct hlist_node *__slot0;
	struct hlist_node *__slot1;
	int __window;
};

struct hlist_node {
	struct hlist_head *__on;
	struct hlist_node *__after;
	int __added;
};

struct llist_head {
	struct llist_node *__slot0;
	struct llist_node *__slot1;
};

struct llist_node {
	struct llist_node *next;
};

/* include/linux/rbtree_types.h */
struct rb_node {
	struct rb_node *rb_left;
	struct rb_node *rb_right;
	struct rb_root *__on;
};

struct rb_root {
	struct rb_node *rb_node;
	int __window;
};

struct rb_root_cached {
	struct rb_root rb_root;
	struct rb_node *rb_leftmost;
};

/* include/linux/xarray.h, radix-tree.h, idr.h: one key. */
struct xarray {
	spinlock_t xa_lock;
	gfp_t xa_flags;
	void *__slot;
	int __marks;
};

struct xa_state {
	struct xarray *xa;
	unsigned long xa_index;
};

struct radix_tree_root {
	gfp_t gfp_mask;
	void *__slot;
	int __marks;
};

struct idr {
	struct radix_tree_root idr_rt;
	spinlock_t lock;
	void *__slot;
	void *__slot1;
};

struct rhashtable {
	struct mutex mutex;
	spinlock_t lock;
	void *__slot;
};

struct rhash_head {
	struct rhash_head *next;
};

struct kfifo {
	int __filled;
};

/* include/linux/kref.h, refcount.h, completion.h, wait.h */
struct kref {
	refcount_t refcount;
};

struct completion {
	unsigned int done;
	wait_queue_head_t wait;
};

struct wait_queue_entry {
	unsigned int flags;
	void *private;
	struct list_head entry;
};

struct rcu_head {
	struct rcu_head *next;
};

/* include/linux/seqlock.h */
typedef struct seqcount {
	unsigned sequence;
} seqcount_t;

typedef struct {
	seqcount_t seqcount;
	spinlock_t lock;
} seqlock_t;

/* include/linux/mm_types.h. A folio is the page. `__owned`: someone other than a page table holds it; `__left`: it was removed
 * from its page cache; `__block`: its buffers point at the file's disk block; `__mapped`: page table entries that map it. */
struct page {
	unsigned long flags;
	struct address_space *mapping;
	pgoff_t index;
	unsigned long private;
	atomic_t _refcount;
	atomic_t _mapcount;
	struct list_head lru;
	struct mem_cgroup *mem_cgroup;
	int __owned;
	int __left;
	int __mapped;
	int __anon;
	int __block;
	int __reused;
};

/* mm/vmalloc.c: stands for the area's pages, which live as long as the area. */
struct __vmalloc_area {
	struct page page;
};

/* include/linux/mm_types.h: one page table, with one entry and its lock. An entry is what it maps: NULL or the page. `__pfn`: a mapping without a struct page
 * (0 none, 1 the zero page, 2 the file's block, 3 what nobody tells, else whose frame it is: a page, or memory). `__taken_down`: mappings were. */
struct mm_struct {
	struct rw_semaphore mmap_lock;
	struct rw_semaphore mmap_sem;
	spinlock_t page_table_lock;
	atomic_t mm_users;
	atomic_t mm_count;
	struct vm_area_struct *mmap;
	struct task_struct *owner;
	int map_count;
	struct page *__pte;
	unsigned long __pfn;
	int __taken_down;
};

struct vm_area_struct {
	unsigned long vm_start;
	unsigned long vm_end;
	struct mm_struct *vm_mm;
	pgprot_t vm_page_prot;
	unsigned long vm_flags;
	unsigned long vm_pgoff;
	unsigned long vm_truncate_count;
	const struct vm_operations_struct *vm_ops;
	struct file *vm_file;
	void *vm_private_data;
	struct anon_vma *anon_vma;
};

struct vm_fault {
	struct vm_area_struct *vma;
	gfp_t gfp_mask;
	pgoff_t pgoff;
	unsigned long address;
	unsigned long real_address;
	void *virtual_address;
	unsigned int flags;
	pmd_t *pmd;
	pud_t *pud;
	pte_t orig_pte;
	struct page *cow_page;
	struct page *page;
	pte_t *pte;
	spinlock_t *ptl;
	pgtable_t prealloc_pte;
};

struct vm_operations_struct {
	vm_fault_t (*fault)(struct vm_fault *vmf);
	vm_fault_t (*huge_fault)(struct vm_fault *vmf, unsigned int order);
	vm_fault_t (*map_pages)(struct vm_fault *vmf, pgoff_t start_pgoff, pgoff_t end_pgoff);
	vm_fault_t (*page_mkwrite)(struct vm_fault *vmf);
	vm_fault_t (*pfn_mkwrite)(struct vm_fault *vmf);
	struct page *(*nopage)(struct vm_area_struct *area, unsigned long address, int *type);
	void (*open)(struct vm_area_struct *area);
	void (*close)(struct vm_area_struct *area);
};

/* include/linux/fs.h. `i_pages` and, until 4.20, `page_tree` are the page cache. `i_mmap` stands for the tree of mappings: the one there is. */
struct address_space {
	struct inode *host;
	struct xarray i_pages;
	struct radix_tree_root page_tree;
	spinlock_t tree_lock;
	struct rw_semaphore invalidate_lock;
	gfp_t gfp_mask;
	atomic_t i_mmap_writable;
	struct vm_area_struct *i_mmap;
	struct rw_semaphore i_mmap_rwsem;
	struct mutex i_mmap_mutex;
	spinlock_t i_mmap_lock;
	unsigned int truncate_count;
	unsigned long nrpages;
	unsigned long nrexceptional;
	unsigned long flags;
	const struct address_space_operations *a_ops;
	spinlock_t private_lock;
	struct list_head private_list;
	wait_queue_head_t __entry_wait;
	int __dax;
};

/* `__extent`: 1 while the file owns the disk block of its one page, 0 for a hole; `__hole`: it begins as one; `__written`: write(2) has
 * put data into it. */
struct inode {
	umode_t i_mode;
	unsigned int i_flags;
	const struct inode_operations *i_op;
	const struct file_operations *i_fop;
	struct super_block *i_sb;
	struct address_space *i_mapping;
	struct address_space i_data;
	unsigned long i_ino;
	unsigned int i_nlink;
	loff_t i_size;
	spinlock_t i_lock;
	unsigned int i_blkbits;
	unsigned long i_state;
	struct rw_semaphore i_rwsem;
	struct mutex i_mutex;
	struct rw_semaphore i_alloc_sem;
	atomic_t i_count;
	atomic_t i_dio_count;
	atomic_t i_writecount;
	struct hlist_node i_hash;
	struct list_head i_io_list;
	struct list_head i_lru;
	struct list_head i_sb_list;
	struct hlist_head i_dentry;
	struct rcu_head i_rcu;
	void *i_private;
	int __extent;
	int __hole;
	int __written;
};

struct file {
	atomic_long_t f_count;
	struct path f_path;
	struct dentry *f_dentry;
	struct inode *f_inode;
	const struct file_operations *f_op;
	spinlock_t f_lock;
	unsigned int f_flags;
	fmode_t f_mode;
	struct mutex f_pos_lock;
	loff_t f_pos;
	void *private_data;
	struct address_space *f_mapping;
};

struct path {
	struct vfsmount *mnt;
	struct dentry *dentry;
};

struct kiocb {
	struct file *ki_filp;
	loff_t ki_pos;
	int ki_flags;
	void *private;
};

struct dentry {
	unsigned int d_flags;
	seqcount_t d_seq;
	struct hlist_node d_hash;
	struct dentry *d_parent;
	struct inode *d_inode;
	struct lockref d_lockref;
	spinlock_t d_lock;
	const struct dentry_operations *d_op;
	struct super_block *d_sb;
	struct list_head d_lru;
	struct list_head d_child;
	struct list_head d_subdirs;
	void *d_fsdata;
	int __dropped;
};

struct super_block {
	struct list_head s_list;
	unsigned long s_flags;
	unsigned long s_blocksize;
	const struct super_operations *s_op;
	struct dentry *s_root;
	struct rw_semaphore s_umount;
	int s_count;
	atomic_t s_active;
	struct block_device *s_bdev;
	void *s_fs_info;
	struct dax_device *s_dax_dev;
	spinlock_t s_inode_list_lock;
	struct list_head s_inodes;
};

struct iomap {
	u64 addr;
	loff_t offset;
	u64 length;
	u16 type;
	u16 flags;
	struct block_device *bdev;
	struct dax_device *dax_dev;
};

struct dax_device {
	struct inode inode;
	unsigned long flags;
};

/* include/linux/buffer_head.h, blk_types.h, blkdev.h */
struct buffer_head {
	unsigned long b_state;
	struct buffer_head *b_this_page;
	struct page *b_page;
	sector_t b_blocknr;
	struct block_device *b_bdev;
	void *b_private;
	atomic_t b_count;
};

struct bio {
	struct bio *bi_next;
	struct block_device *bi_bdev;
	blk_status_t bi_status;
	atomic_t __bi_cnt;
	void (*bi_end_io)(struct bio *);
	void *bi_private;
};

struct block_device {
	struct inode *bd_inode;
	struct super_block *bd_super;
	struct gendisk *bd_disk;
	int bd_openers;
};

struct gendisk {
	struct request_queue *queue;
	void *private_data;
};

struct request_queue {
	spinlock_t queue_lock;
	unsigned long queue_flags;
	void *queuedata;
};

/* include/linux/workqueue.h, timer.h, hrtimer.h, interrupt.h */
struct work_struct {
	atomic_long_t data;
	struct list_head entry;
	work_func_t func;
};

struct delayed_work {
	struct work_struct work;
	struct timer_list timer;
	struct workqueue_struct *wq;
};

struct timer_list {
	struct hlist_node entry;
	unsigned long expires;
	void (*function)(struct timer_list *);
	unsigned long data;
};

struct hrtimer {
	enum hrtimer_restart (*function)(struct hrtimer *);
};

struct tasklet_struct {
	unsigned long state;
	void (*func)(unsigned long);
	unsigned long data;
};

/* include/linux/device.h, kobject.h */
struct kobject {
	const char *name;
	struct list_head entry;
	struct kobject *parent;
	struct kset *kset;
	const struct kobj_type *ktype;
	struct kref kref;
};

struct kobj_type {
	void (*release)(struct kobject *kobj);
};

struct device {
	struct kobject kobj;
	struct device *parent;
	struct device_driver *driver;
	struct bus_type *bus;
	struct class *class;
	struct mutex mutex;
	void *platform_data;
	void *driver_data;
	void (*release)(struct device *dev);
};

struct platform_device {
	struct device dev;
};

struct pci_dev {
	struct device dev;
	unsigned int irq;
};

struct usb_device {
	struct device dev;
};

struct usb_interface {
	struct device dev;
};

struct cdev {
	struct kobject kobj;
	const struct file_operations *ops;
};

/* include/linux/sched.h, pid.h, fdtable.h */
struct task_struct {
	unsigned int __state;
	long state;
	unsigned int flags;
	refcount_t usage;
	pid_t pid;
	pid_t tgid;
	struct mm_struct *mm;
	struct mm_struct *active_mm;
	struct task_struct *group_leader;
	struct task_struct *real_parent;
	struct task_struct *parent;
	struct signal_struct *signal;
	struct sighand_struct *sighand;
	struct files_struct *files;
	spinlock_t alloc_lock;
	const struct cred *cred;
	struct pid *thread_pid;
};

/* include/asm-generic/current.h */
struct task_struct *current;

struct pid {
	refcount_t count;
	spinlock_t lock;
	struct task_struct *__task;
};

struct files_struct {
	atomic_t count;
	spinlock_t file_lock;
	struct file *__slot;
};

struct cred {
	atomic_t usage;
	struct rcu_head rcu;
};

/* include/linux/skbuff.h, netdevice.h; include/net/sock.h */
struct sk_buff {
	struct sk_buff *next;
	struct sk_buff *prev;
	struct sock *sk;
	struct net_device *dev;
	refcount_t users;
	unsigned int len;
	unsigned char *data;
	struct sk_buff_head *__on;
};

struct sk_buff_head {
	struct sk_buff *next;
	struct sk_buff *prev;
	__u32 qlen;
	spinlock_t lock;
	struct sk_buff *__slot;
	struct sk_buff *__slot1;
	int __window;
};

struct sock {
	refcount_t sk_refcnt;
	refcount_t sk_wmem_alloc;
	struct hlist_node sk_node;
	unsigned long sk_flags;
	unsigned char sk_state;
	int sk_err;
	unsigned int sk_shutdown;
	struct sk_buff_head sk_receive_queue;
	struct sk_buff_head sk_write_queue;
	struct sk_buff_head sk_error_queue;
	struct socket *sk_socket;
	struct socket_wq *sk_wq;
	void *sk_user_data;
	rwlock_t sk_callback_lock;
	struct proto *sk_prot;
	void (*sk_data_ready)(struct sock *sk);
	void (*sk_state_change)(struct sock *sk);
	void (*sk_destruct)(struct sock *sk);
	socket_lock_t sk_lock;
	struct mutex __owner;
	spinlock_t __slock;
	int __owned;
};

struct socket {
	short state;
	unsigned long flags;
	struct file *file;
	struct sock *sk;
	const struct proto_ops *ops;
};

struct net_device {
	char name[16];
	unsigned long state;
	unsigned int flags;
	unsigned char reg_state;
	const struct net_device_ops *netdev_ops;
	struct device dev;
	spinlock_t addr_list_lock;
	refcount_t dev_refcnt;
	struct list_head dev_list;
	struct hlist_node name_hlist;
	int __registered;
	int __queue_stopped;
};

struct napi_struct {
	struct list_head poll_list;
	unsigned long state;
	struct net_device *dev;
	int (*poll)(struct napi_struct *, int);
};

struct net {
	refcount_t passive;
	refcount_t count;
	struct list_head dev_base_head;
	struct net_device *__slot;
};

struct notifier_block {
	notifier_fn_t notifier_call;
	struct notifier_block *next;
	int priority;
};

/* include/linux/module.h, export.h: a module's own code is there while it runs. */
struct module {
	int refcnt;
};

struct module *THIS_MODULE;

/* include/linux/seq_file.h */
struct seq_operations {
	void *(*start)(struct seq_file *m, loff_t *pos);
	void (*stop)(struct seq_file *m, void *v);
	void *(*next)(struct seq_file *m, void *v, loff_t *pos);
	int (*show)(struct seq_file *m, void *v);
};
struct seq_file {
	struct mutex lock;
	const struct seq_operations *op;
	void *private;
};
