/*
 * Lookups that take a reference, and what generic code does around file systems: fs/inode.c, fs/dcache.c, fs/file.c,
 * include/linux/dcache.h, fs.h.
 */

/* fs/file.c: the file behind a descriptor, unless it is closed. */
ATOMIC struct file *__file_lookup(struct files_struct *files)
{
	struct file *file = files->__slot;

	if (file)
		get_file(file);
	return file;
}

INITIAL void a_descriptor_is_open(struct files_struct *files, struct file *file)
{
	files->__slot = file;
}

/* fs/file.c */
struct file *fget(unsigned int fd)
{
	return __file_lookup(current->files);
}

/* fs/file.c */
struct file *fget_raw(unsigned int fd)
{
	return __file_lookup(current->files);
}

/* close(2): fs/open.c; the descriptor's reference is dropped. Who is handed a file holds it: it meets those who look one up. */
ENVIRONMENT(file_close)
CONCERNS(files_struct.__slot) void file_close(struct files_struct *files)
{
	struct file *file = __descriptor_taken(files);

	if (file)
		fput(file);
}

ATOMIC struct file *__descriptor_taken(struct files_struct *files)
{
	struct file *file = files->__slot;

	files->__slot = 0;
	return file;
}

/* fs/file_table.c, since 6.7: get_file_rcu() of the slot. */
struct file *files_lookup_fd_rcu(struct files_struct *files, unsigned int fd)
{
	return files->__slot;
}

/* fs/inode.c: the cached inode of that number with a reference, or NULL. */
ATOMIC struct inode *ilookup(struct super_block *sb, unsigned long ino)
{
	struct inode *inode = sb->s_root->d_inode;

	if (inode)
		__iget(inode);
	return inode;
}

/* include/linux/dcache.h */
ATOMIC struct inode *d_inode(struct dentry *dentry)
{
	return dentry->d_inode;
}

/* include/linux/dcache.h */
ATOMIC struct inode *d_backing_inode(struct dentry *dentry)
{
	return dentry->d_inode;
}

/* include/linux/dcache.h */
ATOMIC int d_really_is_positive(struct dentry *dentry)
{
	return dentry->d_inode != 0;
}

/* include/linux/dcache.h */
ATOMIC int d_really_is_negative(struct dentry *dentry)
{
	return !dentry->d_inode;
}

/* fs/dcache.c: under d_lock. */
ATOMIC void d_instantiate(struct dentry *dentry, struct inode *inode)
{
	dentry->d_inode = inode;
}

/* fs/dcache.c */
ATOMIC void d_add(struct dentry *dentry, struct inode *inode)
{
	dentry->d_inode = inode;
}

/* fs/dcache.c: lookups do not find it any more. */
ATOMIC void d_drop(struct dentry *dentry)
{
	dentry->__dropped = 1;
}

/* include/linux/dcache.h */
ATOMIC int d_unhashed(struct dentry *dentry)
{
	return dentry->__dropped;
}

/* kernel/pid.c: with a reference. */
ATOMIC struct pid *find_get_pid(pid_t nr)
{
	struct pid *pid = current->thread_pid;

	get_pid(pid);
	return pid;
}

/* kernel/fork.c: NULL while or after the task exits. */
ATOMIC struct mm_struct *get_task_mm(struct task_struct *task)
{
	struct mm_struct *mm = task->mm;

	if (mm)
		mmget(mm);
	return mm;
}

INITIAL void a_task_has_an_mm(struct task_struct *task, struct mm_struct *mm)
{
	task->mm = mm;
	mm->mm_users = 1;
}

/* fs/libfs.c: a new size is set, and what lies beyond it goes. */
int simple_setattr(struct mnt_idmap *idmap, struct dentry *dentry, struct iattr *iattr)
{
	if (iattr->ia_valid & ATTR_SIZE)
		truncate_setsize(d_inode(dentry), iattr->ia_size);
	return 0;
}

/* fs/seq_file.c: seq_read_iter() and traverse(): what is shown lies between ->start and ->stop, which release what ->start took. */
CALLER void seq_file_read(struct seq_file *m)
{
	loff_t pos = 0;
	void *v = m->op->start(m, &pos);

	if (v) {
		m->op->show(m, v);
		v = m->op->next(m, v, &pos);
	}
	m->op->stop(m, v);
}
