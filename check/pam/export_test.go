package pam

// LoginServices are those that Lockout judges by default.
var LoginServices = loginServices
