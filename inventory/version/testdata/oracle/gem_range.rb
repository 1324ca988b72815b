# Looks for a version in a requirement: both are in a line, in hexadecimal.
require "rubygems"

def text(hex)
  [hex].pack("H*").force_encoding("UTF-8")
end

STDIN.each_line do |line|
  range, version = line.chomp.split(" ", -1).map { |hex| text(hex) }
  requirement = Gem::Requirement.new(*range.split(","))
  puts requirement.satisfied_by?(Gem::Version.new(version)) ? "i" : "o"
rescue ArgumentError
  puts "!"
end
