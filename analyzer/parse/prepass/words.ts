/** Words of kernel C that the grammar does not know, by what the pre-pass does with them. */

/** Annotations with an argument list, wherever they stand. */
export const ANNOTATION_CALLS = new Set([
	'__attribute__', '__attribute', '__aligned', '__section', '__printf', '__scanf', '__alloc_size', '__realloc_size', '__assume_aligned',
	'__must_hold', '__must_hold_shared', '__must_not_hold', '__acquires', '__releases', '__acquires_shared', '__releases_shared', '__cond_acquires',
	'__cond_acquires_shared', '__acquires_ret', '__acquires_shared_ret', '__cond_releases', '__no_context_analysis', '__context__', '__counted_by', '__counted_by_le', '__counted_by_be',
	'__sized_by', '__cleanup', '__free', '__guarded_by', '__pt_guarded_by', '__diagnose_as', '__diagnose_as_builtin', '__pass_object_size',
	'__pass_dynamic_object_size', '__no_sanitize', '__no_sanitize__', '__copy', '__alias', '__error', '__compiletime_error', '__compiletime_warning',
	'__declspec', '__excludes', '__requires_cap', '__returns_nonnull_if', '__nonnull', '__access', '__symbol_get_gpl', '__initdata_or_meminfo', '__malloc_like',
	'ACPI_PRINTF_LIKE', '__printf_like', '__format', '__asm_alias', '__section_nosave', '__counted_by_ptr', '__TEST_KFUNC', '__bpf_arg',
	'FASTCALL_ATTR', 'ALIGNED', '__cacheline_group_begin_aligned', '__cacheline_group_end_aligned', '__cacheline_group_begin', '__cacheline_group_end',
]);

/** Annotations that say something of locks, contexts or lifetime: kept for the reader of the function. */
export const TELLING = /^__(?:must_hold|must_not_hold|acquires|releases|cond_acquires|cond_releases|free|cleanup|guarded_by|pt_guarded_by|excludes|init|exit|no_context|context)/;

/** Words blanked wherever they stand alone. */
export const ANNOTATIONS = new Set([
	'__user', '__kernel', '__iomem', '__rcu', '__percpu', '__force', '__nocast', '__safe', '__bitwise', '__bitwise__', '__private', '__percpu_hot',
	'__init', '__exit', '__initdata', '__initconst', '__exitdata', '__exitconst', '__initdata_memblock', '__init_memblock', '__init_refok', '__init_or_module',
	'__initdata_or_module', '__initconst_or_module', '__exit_refok', '__exit_call', '__initcall', '__init_rwsem', '__devinit', '__devexit', '__devinitdata', '__devinitconst',
	'__devexitdata', '__cpuinit', '__cpuinitdata', '__cpuexit', '__meminit', '__meminitdata', '__memexit', '__net_init', '__net_exit', '__net_initdata', '__net_exitdata', '__net_initconst',
	'__net_exit_or_module', '__ref', '__refdata', '__refconst', '__read_mostly', '__ro_after_init', '__cacheline_aligned', '__cacheline_aligned_in_smp', '____cacheline_aligned',
	'____cacheline_aligned_in_smp', '____cacheline_internodealigned_in_smp', '__cacheline_internodealigned_in_smp', '__page_aligned_data', '__page_aligned_bss',
	'__always_inline', '__inline', '__inline__', '__forceinline', '__always_unused', '__maybe_unused', '__used', '__unused', '__weak', '__pure', '__attribute_const__', '__must_check',
	'__const', '__cold', '__hot', '__visible', '__malloc', '__deprecated', '__noreturn', '__noclone', '__flatten', '__gnu_inline', '__latent_entropy',
	'__randomize_layout', '__no_randomize_layout', 'randomized_struct_fields_start', 'randomized_struct_fields_end', '__packed', '__mode', '__optimize',
	'__no_kcsan', '__no_kasan', '__no_sanitize_address', '__no_sanitize_thread', '__no_sanitize_memory', '__no_sanitize_or_inline', '__no_kasan_or_inline', '__no_kcsan_or_inline',
	'__no_kmsan_checks', '__no_sanitize_undefined', '__no_sanitize_coverage', '__no_profile', '__no_stack_protector', '__nostackprotector', '__nocfi', '__noscs', '__noendbr', '__noinline',
	'__no_caller_saved_registers', '__disable_sanitizer_instrumentation', '__signed_wrap', '__sched', '__lockfunc', '__cpuidle', '__kprobes', '__irq_entry', '__softirq_entry', '__tracepoint_string',
	'__nosavedata', '__init_task_data', '__data_racy', '__guarded', '__nonstring', '__nonstring_array', '__designated_init', '__fix_address', '__head', '__entry_text', '__percpu_first', '__purgatory',
	'__bpf_kfunc', '__bpf_kptr', '__restrict', '__restrict__', '__extension__', '__volatile', '__lockdep_type', '__rcu_guarded', '__hyp_text', '__vdso_data', '__ksym', '__kconfig', '__hidden',
	'__ret_nonnull', '__returns_nonnull', '__nofastcall', '__syscall', '__efiapi', '__efistub_global', '__noinitretpoline', '__realmode', '__intc_handler', '__capability', '__exception_irq_entry', '__exception',
	'__mips16e_extend', '__nomips16', '__cfi_seed', '__pmem', '__vsyscall_fn', '__seg_gs', '__seg_fs', '__xipram', '__diag_push', '__initdata_fdt', '__sramfunc', '__sramdata', '__refok', '__wasmedge',
	'asmlinkage', 'noinline', 'noinline_for_stack', 'noinline_for_kasan', 'notrace', 'noinstr', 'nokprobe_inline', 'fastcall', 'inline_notrace',
	'inline_if_not_debug', 'ATTRIBUTE_UNUSED', 'ATTRIB_NORET', 'CRYPTO_MINALIGN_ATTR', 'KBUILD_NOINLINE', 'EFIAPI', '____ptr_ring_cacheline', 'ZSTD_ALIGNED', 'BPF_STATIC',
	'MEM_STATIC', 'FORCE_INLINE', 'FORCE_INLINE_TEMPLATE', 'FORCE_NOINLINE', 'HINT_INLINE', 'LZ4_FORCE_INLINE', 'LZ4_FORCE_O2', 'asmregparm', 'noinline_or_nokasan', 'dotraplinkage',
]);

/** What models say of a function, at the beginning of its first line: kept as annotations. */
export const MODEL_WORDS = new Set(['ATOMIC', 'CALLER', 'INITIAL', 'QUIESCENCE', 'ENVIRONMENT', 'CONCERNS', 'PLAYED']);

/** Written as `static` of the same length or shorter. */
export const STATIC_WORDS = new Set(['STATIC', 'STATIC_INLINE', 'STATIC_VAR']);

export const STORAGE = new Set(['static', 'extern', 'inline', 'typedef', 'register', 'auto', 'const', 'volatile', '_Thread_local', '__thread', 'restrict', '_Noreturn']);

/** A type begins with one of these. */
export const TYPE_WORDS = new Set([
	'struct', 'union', 'enum', 'unsigned', 'signed', 'const', 'volatile', 'void', 'char', 'short', 'int', 'long', 'float', 'double', '_Bool', '__signed__',
	'typeof', '__typeof__', '__typeof', '__typeof_unqual__', 'typeof_unqual', 'typeof_member', '__auto_type',
]);

export const PRIMITIVES = new Set(['unsigned', 'signed', 'void', 'char', 'short', 'int', 'long', 'float', 'double', '_Bool', 'bool', '__signed__', '__int128']);

/** Keywords that no call begins with. */
export const KEYWORDS = new Set([
	'if', 'else', 'for', 'while', 'do', 'switch', 'case', 'default', 'return', 'goto', 'break', 'continue', 'sizeof', 'typedef', 'struct', 'union', 'enum',
	'static', 'extern', 'const', 'volatile', 'register', 'inline', 'auto', 'void', 'char', 'short', 'int', 'long', 'float', 'double', 'signed', 'unsigned', '_Bool',
	'_Generic', '_Static_assert', 'asm', '__asm__', '__asm', 'asm_inline', 'typeof', '__typeof__', '__typeof', 'defined', '_Alignas',
	'__typeof_unqual__', 'typeof_unqual', 'asm_volatile_goto', 'asm_goto_output', 'asm_goto',
]);

export const ALIGNOF = new Set(['_Alignof', 'alignof', '__alignof__', '__alignof']);

export const TYPEOF = new Set(['typeof_member', 'typeof', '__typeof__', '__typeof', '__typeof_unqual__', 'typeof_unqual', '__typeof_unqual']);

export const ASM = new Set(['asm', '__asm__', '__asm', 'asm_inline', 'asm_volatile_goto', 'asm_goto_output', 'asm_goto']);

/** An argument that begins with one of these is a statement. */
export const STATEMENT_WORDS = new Set(['return', 'goto', 'break', 'continue', 'if', 'else', 'while', 'for', 'do', 'switch', 'case', 'default', 'static']);

/** Macros that open a loop or a block, by their name. */
export const ITERATOR = /(?:^|_)for_?each|foreach|_for_(?:all|each|every)|(?:^|_)do_each|_each_|^scoped_|^for_|_iterate_?|^idr_for|_for_range|^with_|FOR_EACH|FOREACH|^while_each|^FOR_|_FOR_|_for$|^list_for|^repeat/;

/** A double underscore word that names a type: `__u32`, `__be16`, `__poll_t`, `__wsum`. */
export const UNDERSCORED_TYPE = /^__(?:[a-z]{1,12}\d+|\w+_t|u|s|wsum|sum16|addrpair|portpair|bool|signed__|int128|kernel_\w+|builtin_\w+|int\d+|le|be|aligned_\w+|virtio\d+|sync|ptr)$/;
