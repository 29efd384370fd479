private import CLinux

/// The C library's heap.
package enum Heap {
    /// Bounds the heaps that malloc keeps apart for its threads. Without a bound, many threads that each allocate a little keep as many
    /// heaps, mostly empty.
    /// - Source: mallopt(3), M_ARENA_MAX
    package static func limitArenas(to count: Int32) {
        // It only fails for a parameter that this library does not know: then nothing changes.
        _ = mallopt(M_ARENA_MAX, count)
    }
}
