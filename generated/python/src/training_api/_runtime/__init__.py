"""What every generated client shares: values on the wire, requests, retries, errors and the clients themselves.

Generated packages carry a verbatim copy of this folder, so its modules import each other relatively and depend on
attrs and the standard library alone; the HTTP library is imported late, by one adapter.
"""
