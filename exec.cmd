@rem npm start begins with exec, so that a signal to npm reaches the bot itself; to Windows it is this.
@%*
