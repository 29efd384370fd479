private import CLinux

/// The memory of this process.
package enum ProcessMemory {
    /// From now on no other process of the same user can read it, attach a debugger to it, or have it written to a core file.
    ///
    /// A core is forbidden twice: where the system pipes cores into a program, the limit alone does not keep it.
    /// - Source: prctl(2), PR_SET_DUMPABLE; core(5)
    package static func seal() throws(SystemError) {
        try check("forbid core files", "") { vendlock_no_core() }
        try check("close the memory of", "this process") { vendlock_not_dumpable() }
    }
}
