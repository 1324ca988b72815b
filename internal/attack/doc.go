// Package attack holds tests that attack the promises of the library: hostile files of every kind
// that is read, at growing sizes and all at once; names that change places with links to the outside;
// what programs would refuse; what was found to fool a reader once.
package attack
