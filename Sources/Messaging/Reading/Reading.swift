package import Wire

/// What a text from outside asks for.
package enum Reading: Sendable, Equatable {
    /// The word and a wallet reference.
    ///
    /// - `isCertain`: false for a reference without any digit ("stop adverts"). It counts only when such an account exists **and** is linked to the
    ///   sender; otherwise treat it as `almost`, so that a stranger's "stop adverts" and "stop accounts" get the same answer.
    /// - `isDrill`: the text ends in "test": everything is tried, nothing is locked.
    /// - `language`: of the word that was used; "en" for `stop` and `lock`. A word that several languages share belongs to the first of `Catalogue.all`.
    /// - `isPlain`: exactly the form that we teach (word, one space, reference; any case), so that the answer need not teach it.
    case stop(reference: AccountReference, isCertain: Bool, isDrill: Bool, language: String, isPlain: Bool)
    /// The word and something that is not a command: a reply may ask for the form.
    case almost(language: String)
    /// Only the word; as an SMS this is the wish to get no more messages.
    case bareWord(language: String)
    /// `START` or `UNSTOP` alone: the sender of SMS wants messages again.
    case optIn
    case other
}
