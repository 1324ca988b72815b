package main

// nonBlocking is nothing that Windows has.
const nonBlocking = 0

// isOwn is false: a link of Windows is not followed.
func isOwn(string) bool { return false }
