/* A page without module of its own (an entry page, an audit): what its data lists, as a table in the same dress. */
