NW2045
r i BC-NH--Cut Off 03-04 0099
