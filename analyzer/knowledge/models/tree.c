/*
 * Maps from keys to pointers: lib/xarray.c, lib/radix-tree.c, lib/idr.c, lib/rbtree.c, lib/rhashtable.c, lib/bitmap.c,
 * include/linux/kfifo.h. There is one key: a map is full or empty.
 *
 * An entry below 0x1000 is a value (xa_mk_value(), an exceptional entry), not a pointer.
 */

/* lib/xarray.c */
ATOMIC void *xa_load(struct xarray *xa, unsigned long index)
{
	return xa->__slot;
}

/* include/linux/xarray.h: 0 for what is no error. */
ATOMIC int xa_err(void *entry)
{
	if (entry < 0)
		return -12;
	return 0;
}

ATOMIC void *__xa_first(struct xarray *xa)
{
	return xa->__slot;
}

ATOMIC void *__xa_next(struct xarray *xa, void *entry)
{
	return 0;
}

/* lib/xarray.c: who holds xa_lock keeps it out. */
void *xa_store(struct xarray *xa, unsigned long index, void *entry, gfp_t gfp)
{
	void *old;

	might_alloc(gfp);
	xa_lock(xa);
	old = __xa_store(xa, index, entry, gfp);
	xa_unlock(xa);
	return old;
}

/* lib/xarray.c: xa_lock is held by the caller. */
ATOMIC void *__xa_store(struct xarray *xa, unsigned long index, void *entry, gfp_t gfp)
{
	void *old = xa->__slot;

	xa->__slot = entry;
	return old;
}

/* lib/xarray.c: who holds xa_lock keeps it out. */
void *xa_erase(struct xarray *xa, unsigned long index)
{
	void *old;

	xa_lock(xa);
	old = __xa_erase(xa, index);
	xa_unlock(xa);
	return old;
}

/* lib/xarray.c: xa_lock is held by the caller. */
ATOMIC void *__xa_erase(struct xarray *xa, unsigned long index)
{
	void *old = xa->__slot;

	xa->__slot = 0;
	xa->__marks = 0;
	return old;
}

/* include/linux/xarray.h: -EBUSY when the key is taken. */
int xa_insert(struct xarray *xa, unsigned long index, void *entry, gfp_t gfp)
{
	int err;

	might_alloc(gfp);
	xa_lock(xa);
	err = __xa_insert(xa, index, entry, gfp);
	xa_unlock(xa);
	return err;
}

/* lib/xarray.c */
ATOMIC int __xa_insert(struct xarray *xa, unsigned long index, void *entry, gfp_t gfp)
{
	if (xa->__slot)
		return -16;
	xa->__slot = entry;
	return 0;
}

/* lib/xarray.c: xa_lock is held by the caller. */
ATOMIC void *__xa_cmpxchg(struct xarray *xa, unsigned long index, void *old, void *entry, gfp_t gfp)
{
	void *current_entry = xa->__slot;

	if (current_entry == old)
		xa->__slot = entry;
	return current_entry;
}

/* include/linux/xarray.h */
void *xa_cmpxchg(struct xarray *xa, unsigned long index, void *old, void *entry, gfp_t gfp)
{
	void *current_entry;

	might_alloc(gfp);
	xa_lock(xa);
	current_entry = __xa_cmpxchg(xa, index, old, entry, gfp);
	xa_unlock(xa);
	return current_entry;
}

/* lib/xarray.c: a free key, here the one key; xa_lock is held by the caller. */
ATOMIC int __xa_alloc(struct xarray *xa, u32 *id, void *entry, struct xa_limit limit, gfp_t gfp)
{
	*id = 1;
	xa->__slot = entry;
	return 0;
}

/* include/linux/xarray.h */
int xa_alloc(struct xarray *xa, u32 *id, void *entry, struct xa_limit limit, gfp_t gfp)
{
	int err;

	might_alloc(gfp);
	xa_lock(xa);
	err = __xa_alloc(xa, id, entry, limit, gfp);
	xa_unlock(xa);
	return err;
}

/* include/linux/xarray.h */
int xa_alloc_cyclic(struct xarray *xa, u32 *id, void *entry, struct xa_limit limit, u32 *next, gfp_t gfp)
{
	int err;

	might_alloc(gfp);
	xa_lock(xa);
	err = __xa_alloc(xa, id, entry, limit, gfp);
	xa_unlock(xa);
	return err;
}

/* include/linux/xarray.h */
ATOMIC int xa_empty(struct xarray *xa)
{
	EITHER(xa);
	return !xa->__slot;
}

/* lib/xarray.c */
ATOMIC void *xa_find(struct xarray *xa, unsigned long *indexp, unsigned long max, int filter)
{
	return xa->__slot;
}

/* lib/xarray.c */
ATOMIC void *xa_find_after(struct xarray *xa, unsigned long *indexp, unsigned long max, int filter)
{
	return 0;
}

/* lib/xarray.c */
ATOMIC void xa_destroy(struct xarray *xa)
{
	xa->__slot = 0;
}

/* lib/xarray.c */
ATOMIC void xa_init(struct xarray *xa)
{
	xa->__slot = 0;
}

/* include/linux/xarray.h */
int xa_is_value(void *entry)
{
	return entry > 0 && entry < 0x1000;
}

/* lib/xarray.c */
ATOMIC void *xas_load(struct xa_state *xas)
{
	struct xarray *xa = xas->xa;

	return xa->__slot;
}

/* lib/xarray.c */
ATOMIC void *xas_store(struct xa_state *xas, void *entry)
{
	struct xarray *xa = xas->xa;
	void *old = xa->__slot;

	xa->__slot = entry;
	return old;
}

/* lib/xarray.c */
ATOMIC void *xas_find(struct xa_state *xas, unsigned long max)
{
	struct xarray *xa = xas->xa;

	return xa->__slot;
}

/* lib/radix-tree.c */
ATOMIC void *radix_tree_lookup(struct radix_tree_root *root, unsigned long index)
{
	return root->__slot;
}

/* lib/radix-tree.c */
ATOMIC void *radix_tree_delete(struct radix_tree_root *root, unsigned long index)
{
	void *old = root->__slot;

	root->__slot = 0;
	root->__marks = 0;
	return old;
}

/* lib/radix-tree.c */
ATOMIC void *radix_tree_delete_item(struct radix_tree_root *root, unsigned long index, void *item)
{
	void *old = root->__slot;

	if (item && old != item)
		return 0;
	root->__slot = 0;
	root->__marks = 0;
	return old;
}

/* lib/radix-tree.c: -EEXIST when the key is taken. */
ATOMIC int radix_tree_insert(struct radix_tree_root *root, unsigned long index, void *item)
{
	if (root->__slot)
		return -17;
	root->__slot = item;
	return 0;
}

/* lib/radix-tree.c */
void **radix_tree_lookup_slot(struct radix_tree_root *root, unsigned long index)
{
	return &root->__slot;
}

/* lib/radix-tree.c: tags as bits. */
ATOMIC int radix_tree_tag_get(struct radix_tree_root *root, unsigned long index, unsigned int tag)
{
	return root->__marks;
}

/* lib/radix-tree.c */
ATOMIC void *radix_tree_tag_set(struct radix_tree_root *root, unsigned long index, unsigned int tag)
{
	root->__marks = 1;
	return root->__slot;
}

/* lib/radix-tree.c */
ATOMIC void *radix_tree_tag_clear(struct radix_tree_root *root, unsigned long index, unsigned int tag)
{
	root->__marks = 0;
	return root->__slot;
}

/* include/linux/radix-tree.h, until 4.20 */
int radix_tree_exceptional_entry(void *arg)
{
	return arg > 0 && arg < 0x1000;
}

/* include/linux/radix-tree.h: preloading only. */
int radix_tree_preload(gfp_t gfp)
{
	might_alloc(gfp);
	return 0;
}

/* lib/idr.c: two keys, so that one can be there and another made. */
ATOMIC void *idr_find(struct idr *idr, unsigned long id)
{
	if (idr->__slot)
		return idr->__slot;
	return idr->__slot1;
}

ATOMIC void *__idr_first(struct idr *idr)
{
	if (idr->__slot)
		return idr->__slot;
	return idr->__slot1;
}

ATOMIC void *__idr_next(struct idr *idr, void *entry)
{
	if (entry == idr->__slot)
		return idr->__slot1;
	return 0;
}

/* lib/idr.c */
ATOMIC int idr_alloc(struct idr *idr, void *ptr, int start, int end, gfp_t gfp)
{
	might_alloc(gfp);
	if (!idr->__slot)
		idr->__slot = ptr;
	else
		idr->__slot1 = ptr;
	return 1;
}

/* lib/idr.c */
ATOMIC int idr_alloc_cyclic(struct idr *idr, void *ptr, int start, int end, gfp_t gfp)
{
	might_alloc(gfp);
	if (!idr->__slot)
		idr->__slot = ptr;
	else
		idr->__slot1 = ptr;
	return 1;
}

/* lib/idr.c */
ATOMIC int idr_alloc_u32(struct idr *idr, void *ptr, u32 *id, unsigned long max, gfp_t gfp)
{
	might_alloc(gfp);
	if (!idr->__slot)
		idr->__slot = ptr;
	else
		idr->__slot1 = ptr;
	*id = 1;
	return 0;
}

/* lib/idr.c */
ATOMIC void *idr_remove(struct idr *idr, unsigned long id)
{
	void *old = idr->__slot;

	if (!old) {
		old = idr->__slot1;
		idr->__slot1 = 0;
	}
	idr->__slot = 0;
	return old;
}

/* lib/idr.c */
ATOMIC void *idr_replace(struct idr *idr, void *ptr, unsigned long id)
{
	void *old = idr->__slot;

	idr->__slot = ptr;
	return old;
}

/* lib/idr.c */
ATOMIC void *idr_get_next(struct idr *idr, int *nextid)
{
	return idr->__slot;
}

/* include/linux/idr.h */
ATOMIC int idr_is_empty(struct idr *idr)
{
	EITHER(idr);
	return !idr->__slot && !idr->__slot1;
}

/* lib/idr.c */
ATOMIC void idr_init(struct idr *idr)
{
	idr->__slot = 0;
	idr->__slot1 = 0;
}

/* lib/idr.c */
ATOMIC void idr_destroy(struct idr *idr)
{
	idr->__slot = 0;
	idr->__slot1 = 0;
}

/* lib/rbtree.c: a tree of one node, whose children a second one may be. */
INITIAL void a_node_is_a_leaf(struct rb_node *node)
{
	node->rb_left = 0;
	node->rb_right = 0;
}

ATOMIC void __rb_insert(struct rb_node *node, struct rb_root *root)
{
	if (root->rb_node && root->rb_node != node)
		node->rb_right = root->rb_node;
	root->rb_node = node;
	node->__on = root;
	WINDOW_END(root->__window, exclusive);
}

/* lib/rbtree.c: after rb_link_node(). */
void rb_insert_color(struct rb_node *node, struct rb_root *root)
{
	WINDOW(root->__window, exclusive);
	__rb_insert(node, root);
}

/* include/linux/rbtree.h */
void rb_insert_color_cached(struct rb_node *node, struct rb_root_cached *root, int leftmost)
{
	rb_insert_color(node, &root->rb_root);
}

/* include/linux/rbtree.h: the link itself is made with rb_insert_color(). */
void rb_link_node(struct rb_node *node, struct rb_node *parent, struct rb_node **link)
{
}

ATOMIC void __rb_remove(struct rb_node *node, struct rb_root *root)
{
	if (root->rb_node == node)
		root->rb_node = node->rb_right;
	else if (root->rb_node)
		root->rb_node->rb_right = 0;
	node->__on = 0;
	WINDOW_END(root->__window, exclusive);
}

/* lib/rbtree.c */
void rb_erase(struct rb_node *node, struct rb_root *root)
{
	WINDOW(root->__window, exclusive);
	__rb_remove(node, root);
}

/* include/linux/rbtree.h */
void rb_erase_cached(struct rb_node *node, struct rb_root_cached *root)
{
	rb_erase(node, &root->rb_root);
}

/* lib/rbtree.c */
ATOMIC struct rb_node *rb_first(struct rb_root *root)
{
	return root->rb_node;
}

/* include/linux/rbtree.h */
ATOMIC struct rb_node *rb_first_cached(struct rb_root_cached *root)
{
	return root->rb_root.rb_node;
}

/* lib/rbtree.c */
ATOMIC struct rb_node *rb_last(struct rb_root *root)
{
	return root->rb_node;
}

/* lib/rbtree.c */
ATOMIC struct rb_node *rb_next(struct rb_node *node)
{
	return node->rb_right;
}

/* lib/rbtree.c */
ATOMIC struct rb_node *rb_prev(struct rb_node *node)
{
	return node->rb_left;
}

/* include/linux/rbtree.h */
ATOMIC int RB_EMPTY_ROOT(struct rb_root *root)
{
	return !root->rb_node;
}

/* include/linux/rbtree.h */
ATOMIC int RB_EMPTY_NODE(struct rb_node *node)
{
	return !node->__on;
}

/* include/linux/rbtree.h */
ATOMIC void RB_CLEAR_NODE(struct rb_node *node)
{
	node->__on = 0;
}

/* include/linux/rhashtable.h */
ATOMIC void *rhashtable_lookup(struct rhashtable *ht, const void *key, struct rhashtable_params params)
{
	return ht->__slot;
}

/* include/linux/rhashtable.h */
ATOMIC void *rhashtable_lookup_fast(struct rhashtable *ht, const void *key, struct rhashtable_params params)
{
	return ht->__slot;
}

/* include/linux/rhashtable.h */
ATOMIC int rhashtable_insert_fast(struct rhashtable *ht, void *obj, struct rhashtable_params params)
{
	ht->__slot = obj;
	return 0;
}

/* include/linux/rhashtable.h: -EEXIST when the key is taken. */
ATOMIC int rhashtable_lookup_insert_fast(struct rhashtable *ht, void *obj, struct rhashtable_params params)
{
	if (ht->__slot)
		return -17;
	ht->__slot = obj;
	return 0;
}

/* include/linux/rhashtable.h: -ENOENT when it is not there (any more). */
ATOMIC int rhashtable_remove_fast(struct rhashtable *ht, void *obj, struct rhashtable_params params)
{
	if (!ht->__slot)
		return -2;
	ht->__slot = 0;
	return 0;
}

/* include/linux/kfifo.h: one reader and one writer need no lock. */
ATOMIC int kfifo_is_empty(struct kfifo *fifo)
{
	return !fifo->__filled;
}

/* include/linux/kfifo.h */
ATOMIC int kfifo_put(struct kfifo *fifo, int value)
{
	fifo->__filled = 1;
	return 1;
}

/* include/linux/kfifo.h */
ATOMIC int kfifo_get(struct kfifo *fifo, int *value)
{
	int filled = fifo->__filled;

	fifo->__filled = 0;
	return filled;
}
