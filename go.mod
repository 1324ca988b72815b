module github.com/hardening-sdk/hardening

go 1.26
