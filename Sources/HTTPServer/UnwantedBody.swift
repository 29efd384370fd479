/// Why a request's body is not kept. What is left of it is read and dropped, up to a limit, and the connection ends with the refusal.
enum UnwantedBody: UInt8 {
    /// Longer than the route takes.
    case tooLarge
    /// The bodies under way leave no room for it.
    case noRoom
    /// The header does not say in one way where it ends.
    case unclearLength
}
