package import Store
package import Wire
import Platform
import Synchronization

/// What every service works with: the store, the clock, the identifiers.
package struct Environment: Sendable {
    package let store: any Store
    package let clock: @Sendable () -> Timestamp
    package let metrics: Metrics

    package init(store: any Store, clock: @escaping @Sendable () -> Timestamp, metrics: Metrics = Metrics()) {
        self.store = store
        self.clock = clock
        self.metrics = metrics
    }

    var now: Timestamp { clock() }
}
