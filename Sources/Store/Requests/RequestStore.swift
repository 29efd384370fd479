package import Wire

/// What can be asked of requests inside a transaction.
package protocol RequestReader {
    func request(_ number: Int64) throws -> RequestRecord?
    func request(ofNumberChange id: String) throws -> RequestRecord?
    /// Newest first; `before` is a number.
    func requests(_ filter: RequestFilter, before: Int64?, limit: Int) throws -> [RequestRecord]
    /// Those with `lookAt` reached, oldest `lookAt` first.
    func dueRequests(now: Timestamp, limit: Int) throws -> [RequestRecord]
    /// Of the open ones, by kind and step.
    func requestCounts(now: Timestamp) throws -> [RequestCount]
    /// Oldest first.
    func entries(ofRequest number: Int64) throws -> [RequestEntryRecord]
}

/// What can be changed of them.
package protocol RequestWriter: RequestReader {
    /// Gives it its number; returns it.
    func insertRequest(_ request: RequestRecord) throws -> RequestRecord
    /// Throws `.notFound`.
    func updateRequest(_ request: RequestRecord) throws
    /// Throws `.notFound` when there is no such request.
    func appendEntry(_ entry: RequestEntryRecord) throws
}
