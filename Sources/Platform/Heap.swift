private import CLinux

/// The C library's heap.
package enum Heap {
    /// Bounds the heaps that malloc keeps apart for its threads. Without a bound, many threads that each allocate a little keep as many
    /// heaps, mostly empty.
    /// - Source: mallopt(3), M_ARENA_MAX
    package static func limitArenas(to count: Int32) {
        // It only fails for a parameter that this library does not know: then nothing changes.
        _ = mallopt(M_ARENA_MAX, count)
        // What a request has freed is kept for the next one: giving it back at once costs a page fault for each page again. `trim` gives back.
        _ = mallopt(M_TRIM_THRESHOLD, 32 << 20)
    }

    /// Gives free pages in the middle of the heaps back to the system: malloc does so by itself at their ends only.
    ///
    /// Other threads wait for their heap meanwhile, some milliseconds for 50 MB.
    /// - Source: malloc_trim(3)
    package static func trim() {
        // It says whether anything was given back, which nobody needs.
        _ = malloc_trim(0)
    }
}
