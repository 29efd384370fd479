/// The connections of one user, or of one process, together.
final class VarlinkCrowd {
    var count = 0
}
