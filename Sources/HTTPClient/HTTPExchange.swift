private import CCurl

/// One request and its response on a connection of their own. It blocks until the response, an error or the deadline.
package enum HTTPExchange {
    package static func perform(
        _ request: HTTPClientRequest, options: HTTPClientOptions = HTTPClientOptions()
    ) throws(HTTPClientError) -> HTTPClientResponse {
        let transfer = try Transfer(request, id: TransferID(number: 0), options: options, share: nil)
        return try transfer.result(curl_easy_perform(transfer.handle)).get()
    }
}
