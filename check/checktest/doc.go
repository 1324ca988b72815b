// Package checktest helps authors of checks to test them: [Conform] holds a rule to what
// every rule promises, with each of its reads failing in turn, [Golden] compares outcomes
// with those in a file, and [Judge] says what one check finds.
//
// The systems that they look at are made by package inventorytest, of text.
package checktest
